// Package sandbox says what a sandbox is: the real parts a lab runs against,
// opened by a provider, broken and healed by name, and gone after Close. It
// knows nothing of how a provider brings parts up, nor of checks and pages.
//
// The layers below it, each knowing only those beneath:
//
//	embedded/  docker/  kind/    providers, and the backends that run a part as a
//	                             process, as a container, as a node of a cluster
//	runtime/                     an open sandbox: a stack of parts on a backend, the
//	                             services on it; faults and snapshots
//	warmpool/                    a stack that is started before anyone asks for it
//	part/                        what a part is; a folder a kind: part/kafka,
//	                             part/postgres (ready when Ping answers), part/service,
//	                             part/container, part/registry, part/docker,
//	                             part/kubernetes; part/kinds lists them
//	ca/                          a certificate authority of the sandbox's own
//	logbuffer/                   what a part prints, bounded
//	cleanup/                     what must not be left behind: records, labels, reaper
//	engine/  workbench/          the Docker engine, and a shell inside a network
//	sandbox                      Provider, Sandbox, Control: this package
//
// A lab's parts come from lab.yaml (labs.Part); a kind makes definitions of
// them (part.Definition); a backend places each definition (runtime.Workload);
// a component (runtime.Component) starts, watches, breaks and heals it.
package sandbox

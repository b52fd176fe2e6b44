package gallery

import "cnalab/web/catalogue"

// Labs is the catalogue with one lab in every state.
func Labs() []catalogue.Lab {
	return []catalogue.Lab{
		{ID: "domain-model", Number: "010", Title: "Domain-driven design", Summary: "Model the shop so that it cannot be wrong.", Minutes: 40, Steps: 5, Passed: 5, Half: "build",
			Map: catalogue.Map{Nodes: []catalogue.Node{{Name: "order", Row: "services"}, {Name: "product", Row: "services"}}}},
		{ID: "database-per-service", Number: "020", Title: "A database of its own", Summary: "Split what one database held together.", Minutes: 35, Needs: []string{"postgres"}, Planned: true, Half: "build",
			Map: catalogue.Map{Nodes: []catalogue.Node{{Name: "order store", Shape: "store", Under: "order"}, {Name: "product store", Shape: "store", Under: "product"}},
				Links: []catalogue.Link{{From: "order", To: "order store"}, {From: "product", To: "product store"}}}},
		{ID: "kafka", Number: "030", Title: "Messages and the log", Summary: "Publish, subscribe, and remember where you were.", Minutes: 40, Needs: []string{"kafka"}, Steps: 6, Passed: 6, Half: "build",
			Map: catalogue.Map{Nodes: []catalogue.Node{{Name: "log", Shape: "log", Row: "messaging"}}}},
		{ID: "event-driven", Number: "040", Title: "Event-driven architecture", Summary: "Services that answer what happened, with nobody in charge.", Minutes: 45, Needs: []string{"kafka", "postgres"}, Steps: 6, Passed: 2, Here: true, Half: "build",
			Map: catalogue.Map{Nodes: []catalogue.Node{{Name: "delivery", Row: "services"}},
				Links: []catalogue.Link{{From: "order", To: "log"}, {From: "product", To: "log", Both: true}, {From: "log", To: "delivery"}}}},
		{ID: "api-gateway", Number: "050", Title: "API gateway", Summary: "One door for the whole shop.", Minutes: 40, Needs: []string{"postgres"}, Steps: 6, Half: "build",
			Map: catalogue.Map{Nodes: []catalogue.Node{{Name: "gateway", Row: "entry"}},
				Links: []catalogue.Link{{From: "gateway", To: "order"}, {From: "gateway", To: "product"}, {From: "gateway", To: "delivery"}}}},
		{ID: "identity", Number: "060", Title: "Who is asking", Summary: "Tokens, and what they may do.", Minutes: 40, Planned: true, Half: "build",
			Map: catalogue.Map{Nodes: []catalogue.Node{{Name: "identity", Row: "entry"}}, Links: []catalogue.Link{{From: "gateway", To: "identity"}}}},
		{ID: "cqrs", Number: "070", Title: "Commands and queries apart", Summary: "Two models of one truth.", Minutes: 40, Needs: []string{"kafka", "postgres"}, Problem: "lab.yaml cannot be read: line 3 is not a list.", Half: "build"},
		{ID: "docker-engine", Number: "080", Title: "Containers", Summary: "The same kernel, another world.", Minutes: 30, Needs: []string{"docker"}, Planned: true, Half: "run",
			Map: catalogue.Map{Frames: []catalogue.Frame{{Name: "container", Around: []string{"services"}, Each: true}}}},
		{ID: "docker-image", Number: "090", Title: "Images", Summary: "What a container starts from.", Minutes: 35, Needs: []string{"docker"}, Planned: true, Half: "run",
			Map: catalogue.Map{Nodes: []catalogue.Node{{Name: "image", Row: "outside"}}}},
		{ID: "docker-registry", Number: "100", Title: "A registry", Summary: "Where images live.", Minutes: 30, Needs: []string{"docker"}, Planned: true, Half: "run",
			Map: catalogue.Map{Nodes: []catalogue.Node{{Name: "registry", Row: "outside"}}, Links: []catalogue.Link{{From: "image", To: "registry"}, {From: "registry", To: "cluster"}}}},
		{ID: "kubernetes", Number: "110", Title: "Orchestration", Summary: "Say what you want, not what to do.", Minutes: 45, Needs: []string{"kubernetes"}, Planned: true, Half: "run",
			Map: catalogue.Map{Frames: []catalogue.Frame{{Name: "node 1", Around: []string{"order", "product"}}, {Name: "node 2", Around: []string{"delivery"}},
				{Name: "cluster", Around: []string{"entry", "services", "stores", "messaging", "downstream"}}}}},
		{ID: "kubernetes-volumes", Number: "120", Title: "Volumes", Summary: "What stays when a pod goes.", Minutes: 30, Needs: []string{"kubernetes"}, Planned: true, Half: "run",
			Map: catalogue.Map{Nodes: []catalogue.Node{{Name: "volume", Shape: "store", Row: "downstream"}}, Links: []catalogue.Link{{From: "log", To: "volume"}}}},
		{ID: "shop-on-kubernetes", Number: "130", Title: "The whole shop", Summary: "Everything together, and then broken.", Minutes: 45, Needs: []string{"kubernetes"}, Planned: true, Half: "run",
			Map: catalogue.Map{Frames: []catalogue.Frame{{Name: "shop", Around: []string{"entry", "services", "stores", "messaging", "downstream", "outside"}}}}},
	}
}

func catalogues() []Exhibit {
	p := catalogue.Page{Labs: Labs()}
	return []Exhibit{{"catalogue/labs", catalogue.LabList(p)}, {"catalogue/map", catalogue.Drawing(p)}}
}

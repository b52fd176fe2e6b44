// Package container is the kind of part that is a container of any image, as
// lab.yaml names it. It knows nothing of what is in the image.
package container

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"github.com/docker/go-units"

	"cnalab/labs"
	"cnalab/server/sandbox/part"
)

// Kind makes containers.
func Kind() part.Kind {
	return part.Kind{Name: labs.KindContainer, Define: func(p labs.Part, folder string) (all []part.Definition) {
		for _, name := range p.Instances() {
			all = append(all, define(name, p, folder))
		}
		return all
	}}
}

func define(name string, p labs.Part, folder string) part.Definition {
	memory, _ := units.RAMInBytes(p.Memory) // what it cannot read is the backend's own bound
	c := &part.Container{Image: p.Image, Env: p.Env, Files: map[string]string{}, Signal: "TERM", Memory: memory, ImageUser: true}
	for inside, file := range p.Files {
		c.Files[inside] = filepath.Join(folder, filepath.FromSlash(file))
	}
	for _, port := range slices.SortedFunc(maps.Keys(p.Ports), func(a, b string) int { return p.Ports[a] - p.Ports[b] }) {
		c.Ports = append(c.Ports, part.Port{Name: port, Number: p.Ports[port]})
	}
	d := part.Definition{Name: name, Container: c, StartTimeout: time.Minute, Variables: func(at part.Addresses) (env []string) {
		for _, port := range c.Ports {
			env = append(env, labs.EnvPort(name, port.Name)+"="+at.At(port.Name))
		}
		return env
	}}
	if p.Ready.HTTP != "" {
		d.Ready = func(ctx context.Context, address string) error { return answers(ctx, "http://"+address+p.Ready.HTTP) }
	}
	return d
}

// answers returns nil where a GET is answered with a status below 400.
func answers(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode >= 400 {
		return fmt.Errorf("get %s: status %s", url, answer.Status)
	}
	return nil
}

package dockerproxy

import (
	"net/http"

	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/api/types/volume"
)

func (p *Proxy) createNetwork(w http.ResponseWriter, r *http.Request) error {
	var wanted struct {
		network.CreateRequest
		CheckDuplicate bool
	}
	if err := decode(r, &wanted); err != nil {
		return err
	}
	if wanted.Driver != "" && wanted.Driver != "bridge" || len(wanted.Options) > 0 || wanted.Ingress ||
		wanted.ConfigOnly || wanted.ConfigFrom != nil || wanted.Scope != "" && wanted.Scope != "local" {
		return forbidden("A network of this lab has the driver bridge and no options. Leave out --driver and --opt.")
	}
	wanted.Labels, wanted.CheckDuplicate = p.labelled(wanted.Labels), true
	wanted.Name = p.named(aNetwork, wanted.Name)
	if err := body(r, wanted); err != nil {
		return err
	}
	return p.pass(w, r)
}

func (p *Proxy) onNetwork(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r.Context(), aNetwork, r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.to(w, r, "/networks/"+own.ID)
}

func (p *Proxy) connect(w http.ResponseWriter, r *http.Request) error {
	var wanted network.ConnectRequest
	if err := decode(r, &wanted); err != nil {
		return err
	}
	own, err := p.own(r.Context(), aContainer, wanted.Container)
	if err != nil {
		return err
	}
	if wanted.EndpointConfig == nil {
		wanted.EndpointConfig = &network.EndpointSettings{}
	}
	wanted.Container = own.ID
	wanted.EndpointConfig.NetworkID, wanted.EndpointConfig.DriverOpts = "", nil
	if p.config.Name != "" {
		wanted.EndpointConfig.Aliases = append(wanted.EndpointConfig.Aliases, p.labName(own))
	}
	return p.join(w, r, "connect", wanted)
}

func (p *Proxy) disconnect(w http.ResponseWriter, r *http.Request) error {
	var wanted network.DisconnectRequest
	if err := decode(r, &wanted); err != nil {
		return err
	}
	own, err := p.own(r.Context(), aContainer, wanted.Container)
	if err != nil {
		return err
	}
	wanted.Container = own.ID
	return p.join(w, r, "disconnect", wanted)
}

func (p *Proxy) join(w http.ResponseWriter, r *http.Request, verb string, wanted any) error {
	own, err := p.own(r.Context(), aNetwork, r.PathValue("id"))
	if err == nil {
		err = body(r, wanted)
	}
	if err != nil {
		return err
	}
	return p.to(w, r, "/networks/"+own.ID+"/"+verb)
}

func (p *Proxy) createVolume(w http.ResponseWriter, r *http.Request) error {
	var wanted volume.CreateRequest
	if err := decode(r, &wanted); err != nil {
		return err
	}
	if err := checkVolumeDriver(wanted.Driver, wanted.DriverOpts); err != nil {
		return err
	}
	if wanted.Name != "" { // the engine answers with the volume where there is one of that name
		name, err := p.ownVolume(r.Context(), wanted.Name)
		if err != nil {
			return err
		}
		wanted.Name = name
	}
	wanted.ClusterVolumeSpec, wanted.Labels = nil, p.labelled(wanted.Labels)
	if err := body(r, wanted); err != nil {
		return err
	}
	return p.pass(w, r)
}

func (p *Proxy) onVolume(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r.Context(), aVolume, r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.to(w, r, "/volumes/"+own.Name)
}

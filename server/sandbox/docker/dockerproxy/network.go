package dockerproxy

import (
	"net/http"

	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/api/types/volume"
)

func (d *Proxy) createNetwork(w http.ResponseWriter, r *http.Request) error {
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
	wanted.Labels, wanted.CheckDuplicate = d.labelled(wanted.Labels), true
	wanted.Name = d.named(aNetwork, wanted.Name)
	if err := body(r, wanted); err != nil {
		return err
	}
	return d.pass(w, r)
}

func (d *Proxy) onNetwork(w http.ResponseWriter, r *http.Request) error {
	own, err := d.own(r.Context(), aNetwork, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.to(w, r, "/networks/"+own.ID)
}

func (d *Proxy) connect(w http.ResponseWriter, r *http.Request) error {
	var wanted network.ConnectRequest
	if err := decode(r, &wanted); err != nil {
		return err
	}
	own, err := d.own(r.Context(), aContainer, wanted.Container)
	if err != nil {
		return err
	}
	if wanted.EndpointConfig == nil {
		wanted.EndpointConfig = &network.EndpointSettings{}
	}
	wanted.Container = own.ID
	wanted.EndpointConfig.NetworkID, wanted.EndpointConfig.DriverOpts = "", nil
	if d.config.Name != "" {
		wanted.EndpointConfig.Aliases = append(wanted.EndpointConfig.Aliases, d.translate(own))
	}
	return d.join(w, r, "connect", wanted)
}

func (d *Proxy) disconnect(w http.ResponseWriter, r *http.Request) error {
	var wanted network.DisconnectRequest
	if err := decode(r, &wanted); err != nil {
		return err
	}
	own, err := d.own(r.Context(), aContainer, wanted.Container)
	if err != nil {
		return err
	}
	wanted.Container = own.ID
	return d.join(w, r, "disconnect", wanted)
}

func (d *Proxy) join(w http.ResponseWriter, r *http.Request, verb string, wanted any) error {
	own, err := d.own(r.Context(), aNetwork, r.PathValue("id"))
	if err == nil {
		err = body(r, wanted)
	}
	if err != nil {
		return err
	}
	return d.to(w, r, "/networks/"+own.ID+"/"+verb)
}

func (d *Proxy) createVolume(w http.ResponseWriter, r *http.Request) error {
	var wanted volume.CreateRequest
	if err := decode(r, &wanted); err != nil {
		return err
	}
	if err := plainVolume(wanted.Driver, wanted.DriverOpts); err != nil {
		return err
	}
	if wanted.Name != "" { // the engine answers with the volume where there is one of that name
		name, err := d.ownVolume(r.Context(), wanted.Name)
		if err != nil {
			return err
		}
		wanted.Name = name
	}
	wanted.ClusterVolumeSpec, wanted.Labels = nil, d.labelled(wanted.Labels)
	if err := body(r, wanted); err != nil {
		return err
	}
	return d.pass(w, r)
}

func (d *Proxy) onVolume(w http.ResponseWriter, r *http.Request) error {
	own, err := d.own(r.Context(), aVolume, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.to(w, r, "/volumes/"+own.Name)
}

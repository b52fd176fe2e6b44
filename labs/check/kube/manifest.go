package kube

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Manifest is an object as a file has it.
type Manifest struct {
	Kind, Name, Namespace string
	object                map[string]any
}

// separator stands between the documents of a file.
var separator = regexp.MustCompile(`(?m)^---(\s|$)`)

// ReadManifests reads the objects of a file: of several documents, and the
// items of lists.
func ReadManifests(text string) ([]Manifest, error) {
	var all []Manifest
	for _, document := range separator.Split(text, -1) {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			return nil, fmt.Errorf("read the manifest: %w", err)
		}
		all = append(all, manifestsOf(object)...)
	}
	return all, nil
}

func manifestsOf(object map[string]any) (all []Manifest) {
	if items, ok := object["items"].([]any); ok {
		for _, item := range items {
			one, _ := item.(map[string]any)
			all = append(all, manifestsOf(one)...)
		}
		return all
	}
	m := Manifest{object: object}
	m.Kind, _ = object["kind"].(string)
	metadata := asMap(object["metadata"])
	m.Name, _ = metadata["name"].(string)
	m.Namespace, _ = metadata["namespace"].(string)
	if m.Kind == "" {
		return nil
	}
	return append(all, m)
}

// Difference is where an object of the cluster is otherwise than its manifest.
type Difference struct {
	Field      string // "spec.replicas"
	InFile     string // the value there
	InCluster  string // and here
	CannotTake string // why the API server would not take the manifest at all
}

// places are where the API has the kinds of objects that manifests are compared
// with.
var places = map[string]string{"Deployment": apps + " deployments", "Service": core + " services", "ConfigMap": core + " configmaps",
	"PodDisruptionBudget": policy + " poddisruptionbudgets"}

// Compare tells where an object of the cluster is otherwise than if its
// manifest took its place; nil where it is not. It asks the API server what the
// manifest would make of the object, and changes nothing. Annotations do not
// count: commands write them too.
func (k *Client) Compare(namespace string, m Manifest) *Difference {
	k.c.Helper()
	api, kind, _ := strings.Cut(places[m.Kind], " ")
	path := in(api, namespace, kind, m.Name)
	there, asked, err := k.dryRun(path, namespace, m)
	status := new(apiError)
	switch {
	case there == nil:
		return &Difference{Field: "metadata.name", InFile: m.Name}
	case errors.As(err, &status):
		return &Difference{CannotTake: status.Message}
	case err != nil:
		k.must(err)
	}
	delete(templateOf(asked), "annotations")
	delete(templateOf(*there), "annotations")
	var found []Difference
	for _, field := range []string{"spec", "data", "binaryData"} {
		found = append(found, differ(field, asked[field], (*there)[field])...)
	}
	return telling(found)
}

// conditional are the kinds that the API server replaces only where it is told
// which version of the object is meant.
var conditional = []string{"PodDisruptionBudget"}

// dryRun is the object as it is, and what the manifest would make of it. Where
// the object changes meanwhile, it is asked again.
func (k *Client) dryRun(path, namespace string, m Manifest) (there *map[string]any, asked map[string]any, err error) {
	k.c.Helper()
	for range 5 {
		if there = object[map[string]any](k, path); there == nil {
			return nil, nil, nil
		}
		body := m.put(namespace)
		if slices.Contains(conditional, m.Kind) {
			asMap(body["metadata"])["resourceVersion"] = asMap((*there)["metadata"])["resourceVersion"]
		}
		err = k.call(k.c.Context, http.MethodPut, path+"?dryRun=All", body, &asked)
		status := new(apiError)
		if !errors.As(err, &status) || status.Code != http.StatusConflict {
			break
		}
	}
	return there, asked, err
}

// put is the manifest as it replaces the object: what the cluster has written
// to it is left out.
func (m Manifest) put(namespace string) map[string]any {
	object := map[string]any{}
	for field, value := range m.object {
		object[field] = value
	}
	delete(object, "status")
	metadata := map[string]any{"name": m.Name, "namespace": namespace}
	if labels := asMap(m.object["metadata"])["labels"]; labels != nil {
		metadata["labels"] = labels
	}
	object["metadata"] = metadata
	return object
}

// templateOf is what a Deployment's template says of its pods' metadata.
func templateOf(object map[string]any) map[string]any {
	return asMap(asMap(asMap(object["spec"])["template"])["metadata"])
}

// differ finds the fields that are otherwise.
func differ(field string, file, cluster any) (found []Difference) {
	if empty(file) && empty(cluster) || reflect.DeepEqual(file, cluster) {
		return nil
	}
	if a, b := asMap(file), asMap(cluster); a != nil && b != nil {
		for _, name := range keys(a, b) {
			found = append(found, differ(field+"."+name, a[name], b[name])...)
		}
		return found
	}
	a, isList := file.([]any)
	b, areLists := cluster.([]any)
	if isList && areLists && len(a) == len(b) {
		for i := range a {
			found = append(found, differ(fmt.Sprintf("%s[%d]", field, i), a[i], b[i])...)
		}
		return found
	}
	x, isText := file.(string)
	y, areText := cluster.(string)
	if isText && areText && strings.Contains(field, ".resources.") && Quantity(x) == Quantity(y) {
		return nil
	}
	return []Difference{{Field: field, InFile: short(file), InCluster: short(cluster)}}
}

// telling is the difference that says most: a value that is another, before one
// that the cluster has beside it.
func telling(found []Difference) *Difference {
	for i := range found {
		if found[i].InFile != "" && found[i].InCluster != "" {
			return &found[i]
		}
	}
	if len(found) > 0 {
		return &found[0]
	}
	return nil
}

func empty(v any) bool {
	return v == nil || v == "" || reflect.ValueOf(v).Kind() == reflect.Map && reflect.ValueOf(v).Len() == 0
}

func asMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func keys(all ...map[string]any) (names []string) {
	for _, m := range all {
		for name := range m {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// short is a value as a finding shows it: of one that has parts, their names.
func short(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case map[string]any:
		return strings.Join(keys(v), ", ")
	case []any:
		var parts []string
		for _, item := range v {
			name, named := asMap(item)["name"].(string)
			if !named {
				name = short(item)
			}
			parts = append(parts, name)
		}
		return strings.Join(parts, ", ")
	}
	return fmt.Sprint(v)
}

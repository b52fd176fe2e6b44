package labs

import "testing"

func TestFind(t *testing.T) {
	all := []*Lab{{ID: "kafka", Number: "030", Folder: "030-kafka"}, {ID: "event-driven", Number: "040", Folder: "040-event-driven"}}
	for name, want := range map[string]string{
		"event-driven": "040-event-driven", "040": "040-event-driven", "40": "040-event-driven", "040-event-driven": "040-event-driven",
		"030": "030-kafka", "4": "", "": "", "0": "", "kafk": "", "../kafka": "", "040-kafka": "",
	} {
		lab, err := Find(all, name)
		if got := folderOf(lab); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", name, got, err, want)
		}
	}
	_, err := Find(all, "040-kafka")
	if p := AsProblem(err); p.Kind != NotFound || p.Next != "Choose one of 030-kafka, 040-event-driven." {
		t.Errorf("problem %+v", p)
	}
}

func folderOf(lab *Lab) string {
	if lab == nil {
		return ""
	}
	return lab.Folder
}

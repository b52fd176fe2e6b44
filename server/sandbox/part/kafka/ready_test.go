package kafka

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
)

// The embedded broker serves groups as soon as it listens.
func TestServesGroups(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	if err := Ready(t.Context(), cluster.ListenAddrs()[0]); err != nil {
		t.Error(err)
	}
}

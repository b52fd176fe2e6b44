package labs

import "testing"

func TestClusterOfALab(t *testing.T) {
	for _, test := range []struct {
		name, lines string
		want        Cluster
	}{
		{"no cluster", "needs: [kafka]\n", Cluster{}},
		{"a cluster of which nothing is said", "needs: [kubernetes]\n", Cluster{Workers: 1}},
		{"two workers", "needs: [kubernetes]\ncluster:\n  workers: 2\n", Cluster{Workers: 2}},
		{"no workers", "needs: [kubernetes]\ncluster: {workers: 0}\n", Cluster{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir, lab := newLabs(t)
			put("lab.yaml", manifestWith(test.lines))(t, lab)
			all, err := Load(dir)
			if err != nil {
				t.Fatal(err)
			}
			if got := all[0].Cluster; got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

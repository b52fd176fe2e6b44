package lab

import (
	"slices"
	"strings"
)

// node is a file or a folder of the tree.
type node struct {
	name string
	path string // of a file; empty for a folder
	sub  []*node
}

// grow makes a tree of paths: folders first, each level in the order of names.
func grow(paths []string) []*node {
	root := &node{}
	for _, path := range paths {
		root.add(strings.Split(path, "/"), path)
	}
	root.sort()
	return root.sub
}

func (n *node) add(names []string, path string) {
	if len(names) == 1 {
		n.sub = append(n.sub, &node{name: names[0], path: path})
		return
	}
	for _, child := range n.sub {
		if child.path == "" && child.name == names[0] {
			child.add(names[1:], path)
			return
		}
	}
	child := &node{name: names[0]}
	n.sub = append(n.sub, child)
	child.add(names[1:], path)
}

func (n *node) sort() {
	slices.SortFunc(n.sub, func(a, b *node) int {
		if (a.path == "") != (b.path == "") {
			if a.path == "" {
				return -1
			}
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	for _, child := range n.sub {
		child.sort()
	}
}

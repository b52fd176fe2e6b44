package postgres

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	const at = "2026-11-30 12:00:00.000 UTC "
	got := Parse([]string{
		"\tthe rest of what was pushed out",
		at + "[7] user=order,db=shop,app=order LOG:  statement: begin",
		at + "[7] user=order,db=shop,app=order LOG:  execute stmtcache_1: SELECT id",
		"\t\tFROM orders: all",
		at + "[7] user=order,db=shop,app=order DETAIL:  parameters: $1 = 'statement: no'",
		at + "[8] user=product,db=product,app=[unknown] LOG:  execute <unnamed>: SELECT 1",
		at + "[8] user=product,db=product,app=[unknown] ERROR:  relation \"a\" does not exist",
		at + "[8] user=product,db=product,app=[unknown] STATEMENT:  SELECT a",
		at + "[1] user=,db=,app= LOG:  checkpoint starting: time",
		`{"time":"…","level":"INFO","msg":"stopped","by":"sandbox"}`,
		at + "[9] user=shop,db=shop,app=a name, of two LOG:  statement: SELECT 2",
	})
	want := []Statement{
		{"order", "shop", "order", "begin"},
		{"order", "shop", "order", "SELECT id\n\tFROM orders: all"},
		{"product", "product", "[unknown]", "SELECT 1"},
		{"shop", "shop", "a name, of two", "SELECT 2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
}

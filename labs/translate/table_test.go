package translate

import "testing"

func TestTranslate(t *testing.T) {
	table := NewTable(map[string]string{
		"No order.":                        "주문이 없습니다.",
		"%s has %d orders.":                "%s에 주문 %d개가 있습니다.",
		"%s sold %d of %s.":                "%[3]s %[2]d개를 %[1]s에서 팔았습니다.",
		"%s is not there.":                 "%s: 없습니다.",
		"The topic %s is not there.":       "%s 토픽이 없습니다.",
		"%s of %q is not there.":           "%[2]s의 %[1]s: 없습니다.",
		"%s has %v orders.":                "%s의 주문: %v.",
		"after %s, %s changes the order":   "%s 다음에 %s: 주문이 바뀝니다",
		"There is a way back: %s":          "되돌아가는 길이 있습니다: %s",
		"cancel of a placed order":         "접수된 주문의 취소",
		"%.1f MB of %5d are used, %d%%.":   "%[2]d 가운데 %[1]f MB, %[3]d%%를 씁니다.",
		"Wait until 100 % are done.":       "100 %가 될 때까지 기다립니다.",
		"from %[1]s to %[2]s and %[1]s":    "%[1]s에서 %[2]s까지 갔다 옴",
		"%s and %s":                        "%s 그리고 %s",
		"an order, or %s without an order": "주문, 또는 주문 없는 %s",
	})
	for _, test := range []struct{ name, english, want string }{
		{"whole", "No order.", "주문이 없습니다."},
		{"arguments", "shop has 3 orders.", "shop에 주문 3개가 있습니다."},
		{"another order", "shop sold 3 of tea.", "tea 3개를 shop에서 팔았습니다."},
		{"most literal text wins", "The topic orders is not there.", "orders 토픽이 없습니다."},
		{"the rest of it", "A file is not there.", "A file: 없습니다."},
		{"a quoted text", `Line 3 of "a b" is not there.`, `"a b"의 Line 3: 없습니다.`},
		{"no quoted text", `Line 3 of a b is not there.`, `Line 3 of a b: 없습니다.`},
		{"no number", "shop has no orders.", "shop의 주문: no."},
		{"a number", "shop has -3 orders.", "shop에 주문 -3개가 있습니다."},
		{"nested", "There is a way back: after cancel of a placed order, Add changes the order", "되돌아가는 길이 있습니다: 접수된 주문의 취소 다음에 Add: 주문이 바뀝니다"},
		{"width, fraction and percent", "1.5 MB of    12 are used, 40%.", "   12 가운데 1.5 MB, 40%를 씁니다."},
		{"a percent sign of its own", "Wait until 100 % are done.", "100 %가 될 때까지 기다립니다."},
		{"one argument twice", "from a to b and a", "a에서 b까지 갔다 옴"},
		{"not the same twice", "from a to b and c", "from a to b and c"},
		{"hardly any words", "tea and cups", "tea and cups"},
		{"lines", "There is a way back: a\nb", "되돌아가는 길이 있습니다: a\nb"},
		{"an empty argument", "The topic  is not there.", " 토픽이 없습니다."},
		{"more before it", "Well, No order.", "Well, No order."},
		{"nothing", "", ""},
	} {
		for range 3 {
			if got := table.Translate(test.english); got != test.want {
				t.Errorf("%s: %q is %q, want %q", test.name, test.english, got, test.want)
			}
		}
	}
}

func TestFits(t *testing.T) {
	for _, test := range []struct {
		english, korean string
		want            bool
	}{
		{"%s has %d.", "%s에 %d개가 있습니다.", true},
		{"%s has %d.", "%[2]d개가 %[1]s에 있습니다.", true},
		{"%s has %d.", "%s에 있습니다.", false},
		{"%s has %d.", "%s에 %d개, 모두 %d개가 있습니다.", false},
		{"%s has %d.", "%[2]d개가 %[1]s에, %[2]d개 모두 있습니다.", true},
		{"%.1f MB of %5d, %d%%", "%[2]d 가운데 %[1]f MB, %[3]d%%", true},
		{"No format.", "100%입니다.", true},
		{"No format.", "%s입니다.", false},
	} {
		if got := Fits(test.english, test.korean); got != test.want {
			t.Errorf("%q for %q: %v", test.korean, test.english, got)
		}
	}
}

func TestVague(t *testing.T) {
	for format, want := range map[string]bool{
		"%s": true, "%s and %s": true, "%v: %v": true, "a %s": true, "%d of %d": false, "%d pots": false, "%q": false,
		"%s is missing": false, "no way to %s": false, "words": false,
	} {
		if Vague(format) != want {
			t.Errorf("%q: %v", format, !want)
		}
	}
}

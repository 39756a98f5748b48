package certificate

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"

	"dataservice/gateway/edgetest"
)

func serialOf(t *testing.T, p *Pair) int64 {
	t.Helper()
	return p.Get().Leaf.SerialNumber.Int64()
}

func TestPairIsLoadedAgainWhenItHasSettled(t *testing.T) {
	folder, authority := t.TempDir(), edgetest.NewAuthority(t, "one")
	var text bytes.Buffer
	log := slog.New(slog.NewTextHandler(&text, nil))
	certificate, key, first := authority.Issue(folder, "gateway")
	p, err := LoadPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	p.check(log)
	if serialOf(t, p) != first || text.Len() > 0 {
		t.Errorf("unchanged files: %s", &text)
	}
	_, _, second := authority.Issue(folder, "gateway")
	p.check(log)
	if serialOf(t, p) != first {
		t.Error("loaded while the files may still change")
	}
	p.check(log)
	if serialOf(t, p) != second || !strings.Contains(text.String(), "certificate_files_loaded") {
		t.Errorf("serial %d: %s", serialOf(t, p), &text)
	}
}

func TestFilesThatCannotBeLoadedChangeNothing(t *testing.T) {
	folder, authority := t.TempDir(), edgetest.NewAuthority(t, "one")
	certificate, key, first := authority.Issue(folder, "gateway")
	p, err := LoadPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	otherCertificate, _, _ := authority.Issue(folder, "other")
	for name, damage := range map[string]func() error{
		"missing":       func() error { return os.Remove(certificate) },
		"empty":         func() error { return os.WriteFile(certificate, nil, 0o600) },
		"no PEM":        func() error { return os.WriteFile(certificate, []byte("x"), 0o600) },
		"of other keys": func() error { return os.Rename(otherCertificate, certificate) },
	} {
		var text bytes.Buffer
		log := slog.New(slog.NewTextHandler(&text, nil))
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			p.check(log)
		}
		if serialOf(t, p) != first {
			t.Errorf("%s: the pair changed", name)
		}
		if strings.Count(text.String(), "certificate_files_invalid") != 1 {
			t.Errorf("%s: %s", name, &text)
		}
	}
	log := slog.New(slog.DiscardHandler)
	_, _, last := authority.Issue(folder, "gateway")
	p.check(log)
	p.check(log)
	if serialOf(t, p) != last {
		t.Error("the pair was not loaded after it was repaired")
	}
}

func TestFilesThatDoNotFitAtStart(t *testing.T) {
	folder, authority := t.TempDir(), edgetest.NewAuthority(t, "one")
	certificate, key, _ := authority.Issue(folder, "a")
	other, _, _ := authority.Issue(folder, "b")
	for _, pair := range [][2]string{{folder + "/none", key}, {certificate, folder + "/none"}, {other, key}, {key, certificate}} {
		if _, err := LoadPair(pair[0], pair[1]); err == nil {
			t.Errorf("%v was loaded", pair)
		}
	}
	for _, file := range []string{folder + "/none", key} {
		if _, err := LoadAuthorities(file); err == nil {
			t.Errorf("%s was loaded", file)
		}
	}
	if system, err := LoadAuthorities(System); err != nil || system.Get() != nil {
		t.Error(system, err)
	}
}

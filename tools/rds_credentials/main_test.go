package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// invoke runs the program with fixed AWS settings and, if standIn is not nil, with
// standIn in place of Secrets Manager.
func invoke(t *testing.T, standIn http.HandlerFunc, arguments ...string) (int, string, string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_SESSION_TOKEN": "",
		"AWS_REGION": "eu-west-1", "AWS_PROFILE": "", "AWS_CONFIG_FILE": "/nowhere",
		"AWS_SHARED_CREDENTIALS_FILE": "/nowhere", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
	if standIn != nil {
		server := httptest.NewServer(standIn)
		defer server.Close()
		t.Setenv("AWS_ENDPOINT_URL", server.URL)
	}
	var out, errs strings.Builder
	code := run(context.Background(), arguments, &out, &errs)
	return code, out.String(), errs.String()
}

func secretStore(t *testing.T, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if target := r.Header.Get("X-Amz-Target"); target != "secretsmanager.GetSecretValue" {
			t.Errorf("called %q", target)
		}
		var request struct{ SecretId string } //nolint:revive // the API's name
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil || request.SecretId != "arn:s" {
			t.Errorf("asked for %q (%v)", request.SecretId, err)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_ = json.NewEncoder(w).Encode(map[string]string{"ARN": "arn:s", "SecretString": text})
	}
}

func TestIAMToken(t *testing.T) {
	before := time.Now()
	code, out, errs := invoke(t, nil, "iam", "--host", "proxy.example", "--port", "5433", "--user", "app")
	if code != 0 {
		t.Fatalf("%d %s", code, errs)
	}
	var found login
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		t.Fatal(err)
	}
	token, err := url.Parse("https://" + found.Password)
	if err != nil {
		t.Fatal(err)
	}
	query := token.Query()
	if token.Host != "proxy.example:5433" || query.Get("Action") != "connect" ||
		query.Get("DBUser") != "app" || query.Get("X-Amz-Expires") != "900" ||
		!strings.Contains(query.Get("X-Amz-Credential"), "/eu-west-1/rds-db/") {
		t.Errorf("token %s", found.Password)
	}
	if found.Username != "app" || found.Host != "proxy.example" || found.Port != 5433 {
		t.Errorf("found %+v", found)
	}
	life := found.ExpiresAt.Sub(before)
	if life > 15*time.Minute+time.Minute || life < 14*time.Minute {
		t.Errorf("expires in %v", life)
	}
	if strings.Count(out, "\n") != 1 || strings.Contains(out, `\u0026`) {
		t.Errorf("printed %q", out)
	}
}

func TestIAMRegionOfTheFlagTakesPrecedence(t *testing.T) {
	_, out, _ := invoke(t, nil, "iam", "--host", "h", "--user", "u", "--region", "us-east-2")
	if !strings.Contains(out, "us-east-2") || !strings.Contains(out, "h:5432") {
		t.Error(out)
	}
}

func TestSecretIsReadEachTime(t *testing.T) {
	for _, password := range []string{"old", `n"&<ew`} {
		text, _ := json.Marshal(map[string]any{"username": "app", "password": password, "engine": "postgres",
			"host": "cluster", "port": 5432, "dbname": "shop"})
		code, out, errs := invoke(t, secretStore(t, string(text)), "secret", "--arn", "arn:s")
		if code != 0 {
			t.Fatalf("%d %s", code, errs)
		}
		var found login
		if err := json.Unmarshal([]byte(out), &found); err != nil {
			t.Fatal(err)
		}
		want := login{Username: "app", Password: password, Host: "cluster", Port: 5432, Database: "shop"}
		if found != want {
			t.Errorf("found %+v, want %+v", found, want)
		}
	}
}

func TestInvalidSecrets(t *testing.T) {
	for _, text := range []string{"hush", "[]", "{}", `{"username":"hush"}`, `{"password":"hush"}`,
		`{"username":"u","password":"hush","port":"x"}`, `{"username":"u","password":"hush","port":70000}`,
		`{"username":"u","password":["hush"]}`} {
		code, out, errs := invoke(t, secretStore(t, text), "secret", "--arn", "arn:s")
		if code != 1 || out != "" || errs == "" || strings.Contains(errs, "hush") {
			t.Errorf("%s: %d %q %q", text, code, out, errs)
		}
	}
}

func TestPortAsText(t *testing.T) {
	found, err := parseSecret(`{"username":"u","password":"p","port":"6432"}`)
	if err != nil || found.Port != 6432 {
		t.Error(found, err)
	}
}

func TestErrorOfTheStoreIsReported(t *testing.T) {
	code, out, errs := invoke(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type":"ResourceNotFoundException","Message":"no such secret"}`)
	}, "secret", "--arn", "arn:s")
	if code != 1 || out != "" || !strings.Contains(errs, "no such secret") {
		t.Errorf("%d %q %q", code, out, errs)
	}
}

func TestUnresponsiveStoreTimesOut(t *testing.T) {
	stop := make(chan struct{})
	standIn := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stop }))
	defer standIn.Close()
	defer close(stop)
	t.Setenv("AWS_ENDPOINT_URL", standIn.URL)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "example")
	t.Setenv("AWS_REGION", "eu-west-1")
	if code := run(ctx, []string{"secret", "--arn", "arn:s"}, io.Discard, io.Discard); code != 1 {
		t.Errorf("code %d", code)
	}
}

func TestWrongCommandLines(t *testing.T) {
	for _, line := range []string{"", "x", "iam", "iam --host h", "iam --user u", "secret",
		"secret --arn a b", "secret --x", "iam --host h --user u --port x"} {
		code, out, errs := invoke(t, nil, strings.Fields(line)...)
		if code != 2 || out != "" || !strings.Contains(errs, "rds-credentials secret --arn ARN") {
			t.Errorf("%q: %d %q %q", line, code, out, errs)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, line := range []string{"--help", "iam --help", "secret -h"} {
		code, _, errs := invoke(t, nil, strings.Fields(line)...)
		if code != 0 || !strings.Contains(errs, "rds-credentials iam") {
			t.Errorf("%q: %d %q", line, code, errs)
		}
	}
}

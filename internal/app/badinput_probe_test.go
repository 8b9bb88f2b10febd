package app_test

import (
	"fmt"
	"testing"
	"context"
	"net/http/httptest"
	"net/http"
	"strings"
	"time"

	"aftercare/internal/app"
)

func TestProbe(t *testing.T) {
	s := newSite(t, app.Config{Public: public})
	for _, d := range doors(s) {
		method, _, _ := strings.Cut(d.pattern, " ")
		line := fmt.Sprintf("%-60s", d.pattern)
		for _, who := range []string{"nobody", "expired", "dismissed","customer", "technician", "neighbour","superuser"} {
			if strings.Contains(d.path, "realtime") && method == "GET" { continue }
			_ = time.Now
			_ = httptest.NewRecorder
			_ = context.Background
			_ = http.MethodGet
			a := s.Do(method, d.path, s.callers[who], d.body, d.headers...)
			line += fmt.Sprintf(" %s:%d/%s", who[:3], a.Status, a.Code())
			if who=="superuser" && method!="GET" {break}
		}
		fmt.Println(line)
	}
}

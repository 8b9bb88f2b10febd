package app_test

import (
	"strings"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// door is one route with a request that its rightful caller (by) could make, and what everybody else is told: status
// and code, or empty for a list of nothing.
type door struct {
	pattern, path string
	by            string
	body          any
	headers       []string
	turned        map[string]string
}

const empty = "200"

// turn says what nobody, a customer, a colleague without the right and the neighbour are told, "" for nothing.
func turn(nobody, customer, colleague, neighbour string) map[string]string {
	told := map[string]string{}
	for caller, what := range map[string]string{"nobody": nobody, "customer": customer, "technician": colleague, "neighbour": neighbour} {
		if what != "" {
			told[caller] = what
		}
	}
	return told
}

var (
	notHere    = "404 access.not_found"
	signedOut  = "401 access.signed_out"
	forbidden  = "403 access.forbidden"
	foreign    = "403 device.foreign"
	shut       = "403 access.maintenance"
	unreadable = "400 access.unreadable"
)

func doors(s *site) []door {
	list := recordDoors(s)
	list = append(list, syncDoors(s)...)
	list = append(list, uploadDoors()...)
	list = append(list, paperDoors(s)...)
	list = append(list, accountDoors()...)
	list = append(list, adminDoors()...)
	return append(list, shutDoors()...)
}

func recordDoors(s *site) []door {
	vehicle := record.AsVisit(s.car.Visit).Vehicle()
	jobs, vehicles := "/api/collections/jobs/records", "/api/collections/vehicles/records"
	change := map[string]any{"note": "x"}
	batch := map[string]any{"requests": []any{map[string]any{"method": "PATCH", "url": vehicles + "/" + vehicle, "body": change}}}
	return []door{
		{"GET /api/collections/{collection}/records", jobs, "advisor", nil, nil, turn(empty, "", "", "")},
		{"GET /api/collections/{collection}/records/{id}", jobs + "/" + s.car.Job.Id, "advisor", nil, nil, turn(notHere, "", "", notHere)},
		{"POST /api/collections/{collection}/records", vehicles, "advisor", map[string]any{"shop": apptest.SH, "plate": "沪B1"}, nil,
			turn("400 access.forbidden", "400 access.forbidden", "400 flow.role", "400 field.foreign")},
		{"PATCH /api/collections/{collection}/records/{id}", vehicles + "/" + vehicle, "advisor", change, nil, turn(notHere, notHere, "", notHere)},
		{"DELETE /api/collections/{collection}/records/{id}", jobs + "/" + s.car.Job.Id, "advisor", nil, nil, turn(notHere, notHere, "400 flow.delete", notHere)},
		{"POST /api/batch", "/api/batch", "advisor", batch, nil, turn(notBatched, notBatched, "", notBatched)},
		{"POST /api/realtime", "/api/realtime", "advisor", map[string]any{"clientId": "nobody", "subscriptions": []string{"jobs/*"}}, nil,
			turn(notHere, notHere, notHere, notHere)},
		{"POST /api/files/token", "/api/files/token", "advisor", nil, nil, turn(signedOut, "", "", "")},
		{"GET /api/files/{collection}/{recordId}/{filename}", "/api/files/photos/" + vehicle + "/x.jpg", "advisor", nil, nil,
			turn(notHere, notHere, notHere, notHere)},
		{"GET /api/documents/{kind}/{id}", "/api/documents/estimate/" + s.car.Order.Id, "advisor", nil, nil, turn(signedOut, "", "", notHere)},
		{"POST /api/corrections", "/api/corrections", "manager", map[string]any{"collection": "vehicles", "record": vehicle,
			"fields": map[string]any{"plate": "沪A2"}, "reason": "x"}, nil, turn(signedOut, "403 flow.role", "403 flow.role", notHere)},
		{"POST /api/import/{kind}", "/api/import/vehicles", "manager", []byte("x"), []string{"Content-Type", "multipart/form-data; boundary=x"},
			turn(signedOut, "403 import.role", "403 import.role", "400 import.file")},
		{"GET /api/notify/sink", "/api/notify/sink", "advisor", nil, nil, turn(signedOut, signedOut, "", "")},
		{"POST /api/boards/lounge", "/api/boards/lounge", "manager", nil, nil, turn(signedOut, "403 flow.role", "403 flow.role", "")},
		{"GET /api/boards/lounge/{token}", "/api/boards/lounge/wrong", "nobody", nil, nil, turn(notHere, notHere, notHere, notHere)},
		{"GET /api/claims/preview", "/api/claims/preview?shop=nowhere", "nobody", nil, nil,
			turn("400 claim.shop_unknown", "400 claim.shop_unknown", "400 claim.shop_unknown", "400 claim.shop_unknown")},
		{"POST /api/claims/code", "/api/claims/code", "nobody", map[string]any{}, nil, turn("400 buyer.missing", "400 buyer.missing", "400 buyer.missing", "400 buyer.missing")},
		{"POST /api/claims/sign-in", "/api/claims/sign-in", "nobody", map[string]any{}, nil, turn("400 buyer.missing", "400 buyer.missing", "400 buyer.missing", "400 buyer.missing")},
		{"GET /api/claims/orders", "/api/claims/orders", "customer", nil, nil, turn(signedOut, "", signedOut, signedOut)},
		{"POST /api/orders/webhook/{shop}", "/api/orders/webhook/SH", "nobody", map[string]any{"orders": []any{}}, nil,
			turn("401 sale.call_signature", "401 sale.call_signature", "401 sale.call_signature", "401 sale.call_signature")},
		{"POST /api/orders/webhook/{shop}/secret", "/api/orders/webhook/SH/secret", "manager", nil, nil, turn(signedOut, "403 sale.call_role", "403 sale.call_role", notHere)},
		{"GET /api/orders/webhook/{shop}/secret", "/api/orders/webhook/SH/secret", "manager", nil, nil, turn(signedOut, "403 sale.call_role", "403 sale.call_role", notHere)},
		{"DELETE /api/orders/webhook/{shop}/secret", "/api/orders/webhook/SH/secret", "manager", nil, nil, turn(signedOut, "403 sale.call_role", "403 sale.call_role", notHere)},
		{"GET /api/test/clock", "/api/test/clock", "nobody", nil, nil, nil},
		{"POST /api/test/clock", "/api/test/clock", "nobody", nil, nil, turn(notHere, notHere, notHere, notHere)},
		{"GET /api/flow", "/api/flow", "nobody", nil, nil, nil},
		{"GET /api/health", "/api/health", "nobody", nil, nil, nil},
	}
}

// notBatched is a refusal inside a batch: its code stands in the answer of the request.
var notBatched = "400 access.not_found"

func syncDoors(s *site) []door {
	device := "?device=" + s.tablet.ID
	return []door{
		{"POST /api/sync/push", "/api/sync/push", "advisor", s.tablet.Body(), nil, turn("401 device.signed_out", foreign, foreign, foreign)},
		{"GET /api/sync/pull", "/api/sync/pull" + device, "advisor", nil, nil, turn("401 device.signed_out", foreign, foreign, foreign)},
		{"GET /api/sync/live", "/api/sync/live", "advisor", nil, nil,
			turn("400 sync.malformed", "400 sync.malformed", "400 sync.malformed", "400 sync.malformed")},
		{"POST /api/gate/certificate", "/api/gate/certificate", "manager", map[string]any{"device": s.tablet.ID, "public": "x"}, nil,
			turn("401 device.signed_out", foreign, foreign, foreign)},
	}
}

func uploadDoors() []door {
	sha := strings.Repeat("ab", 32)
	one := "/api/uploads/staff-" + apptest.Person(apptest.SH, "advisor") + "/" + sha + "-0123456789abcdef"
	tus := []string{"Tus-Resumable", "1.0.0"}
	offer := []string{"Tus-Resumable", "1.0.0", "Upload-Length", "9"}
	part := []string{"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream"}
	out := "401 upload.signed_out"
	all := func(told string) map[string]string { return turn(out, told, told, told) }
	return []door{
		{"POST /api/uploads", "/api/uploads", "advisor", []byte{}, offer, all("400 upload.metadata")},
		{"POST /api/uploads/{path...}", "/api/uploads/", "advisor", []byte{}, offer, all("400 upload.metadata")},
		{"GET /api/uploads", "/api/uploads", "advisor", nil, tus, all("400 upload.protocol")},
		{"GET /api/uploads/{path...}", one, "advisor", nil, tus, all("404 upload.unknown")},
		{"PATCH /api/uploads", "/api/uploads", "advisor", []byte{}, part, all("400 upload.protocol")},
		{"PATCH /api/uploads/{path...}", one, "advisor", []byte{}, part, all("404 upload.unknown")},
		{"DELETE /api/uploads", "/api/uploads", "advisor", nil, tus, all("400 upload.protocol")},
		{"DELETE /api/uploads/{path...}", one, "advisor", nil, tus, all("404 upload.unknown")},
		{"GET /api/photos/{sha256}", "/api/photos/" + sha, "advisor", nil, nil, all("404 photo.unknown")},
	}
}

// paperDoors are those of signed papers: the shop's own, and what a customer or anybody may ask with a link or a code.
func paperDoors(s *site) []door {
	order := s.car.Order.Id
	all := func(told string) map[string]string { return turn(told, told, told, told) }
	link := map[string]any{"work_order": order, "kind": "estimate"}
	return []door{
		{"GET /api/papers/{view}/{id}", "/api/papers/unknown/" + order, "advisor", nil, nil, turn(signedOut, "", "", notHere)},
		{"GET /api/consents/{id}/file", "/api/consents/" + s.consent(s.car.Visit.Id) + "/file", "advisor", nil, nil, turn(signedOut, "", "", notHere)},
		{"POST /api/links", "/api/links", "advisor", link, nil, turn(signedOut, "400 flow.role", "400 flow.role", notHere)},
		// one caller's address may try sixty times, for all three
		{"POST /api/portal/open", "/api/portal/open", "nobody", nil, nil, all("404 link.unknown")},
		{"POST /api/portal/code", "/api/portal/code", "nobody", nil, nil, turn("", "404 link.unknown", "404 link.unknown", "404 link.unknown")},
		{"POST /api/portal/decide", "/api/portal/decide", "nobody", nil, nil, turn("", "404 link.unknown", "404 link.unknown", "404 link.unknown")},
		{"GET /api/portal/photos/{sha256}", "/api/portal/photos/" + strings.Repeat("ab", 32), "nobody", nil, nil, all("404 photo.unknown")},
		{"GET /api/verify/keys", "/api/verify/keys", "nobody", nil, nil, nil},
		{"GET /api/verify/{code}", "/api/verify/" + strings.Repeat("ab", 16), "nobody", nil, nil, all("404 verify.unknown")},
		{"POST /api/verify", "/api/verify", "nobody", nil, nil, all("400 verify.unreadable")},
	}
}

// consent is the id of one the visit has.
func (s *site) consent(visit string) string {
	s.t.Helper()
	row, err := s.App.FindFirstRecordByData(record.Consents, record.FieldVisit, visit)
	if err != nil {
		s.t.Fatal(err)
	}
	return row.Id
}

// accountDoors are for signing in: what they tell a stranger must not depend on whether the account exists.
func accountDoors() []door {
	staff, customers := "/api/collections/staff", "/api/collections/customers"
	all := func(told string) map[string]string { return turn(told, told, told, told) }
	wrong := all("400 access.wrong_password")
	closed := all(forbidden)
	return []door{
		{"GET /api/collections/{collection}/auth-methods", staff + "/auth-methods", "nobody", nil, nil, nil},
		{"POST /api/collections/{collection}/auth-refresh", staff + "/auth-refresh", "advisor", nil, nil, turn(signedOut, forbidden, "", "")},
		{"POST /api/collections/{collection}/auth-with-password", staff + "/auth-with-password", "nobody",
			map[string]any{"identity": "SH-advisor", "password": "wrong"}, nil, wrong},
		{"POST /api/collections/{collection}/auth-with-password", staff + "/auth-with-password", "nobody",
			map[string]any{"identity": "nobody at all", "password": "wrong"}, nil, wrong},
		{"POST /api/collections/{collection}/auth-with-password", customers + "/auth-with-password", "nobody",
			map[string]any{"identity": "x@example.com", "password": "12345678"}, nil, all("403 access.inactive")},
		{"POST /api/collections/{collection}/auth-with-password", "/api/collections/_superusers/auth-with-password", "nobody",
			map[string]any{"identity": "admin@aftercare.test", "password": "wrong"}, nil, wrong},
		{"POST /api/collections/{collection}/auth-with-oauth2", staff + "/auth-with-oauth2", "nobody",
			map[string]any{"provider": "google", "code": "x", "redirectURL": "http://x"}, nil, closed},
		{"POST /api/collections/{collection}/auth-with-otp", staff + "/auth-with-otp", "nobody",
			map[string]any{"otpId": "abcdefghijklmno", "password": "123456"}, nil, closed},
		{"POST /api/collections/{collection}/request-otp", staff + "/request-otp", "nobody",
			map[string]any{"email": "sh.advisor@aftercare.test"}, nil, closed},
		{"POST /api/collections/{collection}/request-password-reset", staff + "/request-password-reset", "nobody",
			map[string]any{"email": "no address"}, nil, all("400 field.invalid")},
		{"POST /api/collections/{collection}/request-password-reset", customers + "/request-password-reset", "nobody",
			map[string]any{"email": "x@y.cn"}, nil, all(unreadable)},
		{"POST /api/collections/{collection}/confirm-password-reset", staff + "/confirm-password-reset", "nobody",
			map[string]any{"token": "x", "password": "12345678", "passwordConfirm": "12345678"}, nil, all("400 field.invalid")},
		{"POST /api/collections/{collection}/request-verification", staff + "/request-verification", "nobody",
			map[string]any{"email": ""}, nil, all("400 field.required")},
		{"POST /api/collections/{collection}/confirm-verification", staff + "/confirm-verification", "nobody",
			map[string]any{"token": "x"}, nil, all("400 field.invalid")},
		{"POST /api/collections/{collection}/request-email-change", staff + "/request-email-change", "advisor",
			map[string]any{"newEmail": "x"}, nil, turn(signedOut, forbidden, "400 field.invalid", "400 field.invalid")},
		{"POST /api/collections/{collection}/confirm-email-change", staff + "/confirm-email-change", "nobody",
			map[string]any{"token": "x", "password": ""}, nil, turn("", "", "", "")},
		{"POST /api/collections/{collection}/impersonate/{id}", staff + "/impersonate/" + apptest.Person(apptest.SH, "manager"), "superuser",
			map[string]any{"duration": 0}, nil, turn(signedOut, forbidden, forbidden, forbidden)},
		{"GET /api/oauth2-redirect", "/api/oauth2-redirect", "nobody", nil, nil, nil},
		{"POST /api/oauth2-redirect", "/api/oauth2-redirect", "nobody", nil, nil, nil},
	}
}

// adminDoors are PocketBase's doors for superusers.
func adminDoors() []door {
	only := turn(signedOut, forbidden, forbidden, forbidden)
	admin := func(pattern, path string, body any) door { return door{pattern, path, "superuser", body, nil, only} }
	return []door{
		admin("GET /api/collections", "/api/collections", nil),
		admin("GET /api/collections/{collection}", "/api/collections/jobs", nil),
		admin("GET /api/collections/meta/oauth2-providers", "/api/collections/meta/oauth2-providers", nil),
		admin("GET /api/collections/meta/scaffolds", "/api/collections/meta/scaffolds", nil),
		admin("POST /api/collections/meta/dry-run-view", "/api/collections/meta/dry-run-view", map[string]any{"query": "SELECT id FROM jobs"}),
		admin("GET /api/crons", "/api/crons", nil),
		admin("POST /api/crons/{id}", "/api/crons/changelog", nil),
		admin("GET /api/logs", "/api/logs", nil),
		admin("GET /api/logs/stats", "/api/logs/stats", nil),
		admin("GET /api/logs/{id}", "/api/logs/none", nil),
		admin("GET /api/settings", "/api/settings", nil),
		admin("PATCH /api/settings", "/api/settings", map[string]any{"meta": map[string]any{"appName": "mine"}}),
		admin("POST /api/settings/apple/generate-client-secret", "/api/settings/apple/generate-client-secret", map[string]any{}),
		admin("POST /api/settings/test/email", "/api/settings/test/email", map[string]any{}),
		admin("POST /api/settings/test/s3", "/api/settings/test/s3", map[string]any{}),
		admin("GET /api/backups", "/api/backups", nil),
		admin("POST /api/backups", "/api/backups", map[string]any{"name": "x.zip"}),
		{"GET /api/backups/{key}", "/api/backups/x.zip", "superuser", nil, nil, turn(forbidden, forbidden, forbidden, forbidden)},
		admin("DELETE /api/backups/{key}", "/api/backups/x.zip", nil),
	}
}

// shutDoors write past the rules: without --maintenance they are shut to everybody, superusers too.
func shutDoors() []door {
	all := turn(shut, shut, shut, shut)
	all["superuser"] = shut
	way := func(pattern, path string, body any) door { return door{pattern, path, "superuser", body, nil, all} }
	return []door{
		way("POST /api/sql", "/api/sql", map[string]any{"query": "DELETE FROM jobs"}),
		way("POST /api/collections", "/api/collections", map[string]any{"name": "more", "type": "base"}),
		way("PATCH /api/collections/{collection}", "/api/collections/jobs", map[string]any{"listRule": ""}),
		way("DELETE /api/collections/{collection}", "/api/collections/jobs", nil),
		way("DELETE /api/collections/{collection}/truncate", "/api/collections/jobs/truncate", nil),
		way("PUT /api/collections/import", "/api/collections/import", map[string]any{"collections": []any{}, "deleteMissing": true}),
		way("POST /api/backups/upload", "/api/backups/upload", map[string]any{}),
		way("POST /api/backups/{key}/restore", "/api/backups/x.zip/restore", nil),
	}
}

# Aftercare 售后. Two commands matter: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

APP := pb_public
BIN := build/aftercare
DATA ?= pb_data
HTTP ?= 127.0.0.1:8090
GO_FILES := $(shell find main.go hooks migrations internal $(APP)/embed.go $(APP)/dist.missing -type f -not -name '*_test.go' 2>/dev/null) go.mod go.sum
APP_FILES := $(shell find $(APP)/src $(APP)/sw $(APP)/static $(APP)/scripts $(APP)/index.html $(APP)/vite.config.ts $(APP)/package.json -type f -not -name '*.test.ts' -not -name 'types.gen.ts' 2>/dev/null) $(wildcard internal/fault/codes/*.json) internal/flow/table.json internal/flow/figures.json
# One set of flags for vet, tests and binary: what we build on is compiled once for all of them.
export GOFLAGS := $(shell go env GOFLAGS) -trimpath
# The house that the tests of one run start from, made by the first who needs it.
TEMPLATE := $(or $(TMPDIR),/tmp)/aftercare-template-$(shell pwd | cksum | cut -d' ' -f1)
# `go vet ./...` has looked at everything; a test binary needs no second look. Memory is at hand, the processor is not.
TEST := GOGC=300 AFTERCARE_TEMPLATE=$(TEMPLATE) go test -vet=off -timeout 20m

# The packages where two things happen at once are tested with the race detector; the pure ones without.
RACE := ./internal/changelog ./internal/push ./internal/pull ./internal/live
# Of them what is played without it.
ALONE := ^Fuzz|^TestReleases|^TestConvergence$$|^TestHistory$$|^TestEveryPlan$$

# What takes its time (sockets, big photos, whole houses): left to `make test`.
SLOW := /(hooks|internal/(app|push|live|photo|upload|demo|season|command|importer|backup|powercut))$$

.PHONY: help run test check build app race go-test app-test e2e trace screens day clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(BIN) ## build everything and serve the app with a demo shop on $(HTTP)
	@exec $(BIN) serve --http=$(HTTP) --dir=$(DATA) --demo --week

build: $(BIN) ## the binary with the app inside

app: $(APP)/dist/index.html

$(APP)/node_modules/.package-lock.json: $(APP)/package.json $(APP)/package-lock.json
	cd $(APP) && npm ci --no-audit --no-fund
	@touch $@

$(APP)/dist/index.html: $(APP)/node_modules/.package-lock.json $(APP_FILES)
	cd $(APP) && npm run --silent build
	@touch $@

$(BIN): $(APP)/dist/index.html $(GO_FILES)
	@mkdir -p build
	go build -o $@ .

check: $(APP)/node_modules/.package-lock.json ## the fast loop: format, vet, types, layers, unit tests
	@test -z "$$(gofmt -l main.go hooks migrations internal | tee -a /dev/stderr)"
	go vet ./...
	go test $$(go list ./... | grep -vE '$(SLOW)')
	cd $(APP) && npm run --silent check && npm test --silent

test: check-format race go-test app-test ## every test there is
	@# browsers wait a good part of their time: what plays on a clock of its own and waits for nothing has the processor then
	@rm -f build/e2e.failed
	@# what failed in a browser is said again at the end, where it is looked for: the other's lines follow it
	@$(MAKE) --no-print-directory -j2 beside e2e || { cat build/e2e.failed 2>/dev/null; exit 1; }
	@echo "all tests passed"

.PHONY: check-format
check-format:
	@test -z "$$(gofmt -l main.go hooks migrations internal | tee -a /dev/stderr)"
	go vet ./...

race: $(APP)/dist/index.html
	@# the seeds of the fuzz targets, what older apps sent, and courses of one act after the other take ten times as long with the
	@# detector, and show it nothing that the other tests do not; go-test plays them without it
	@# tusd's own context and body reader race when a connection is cut; that test, too, runs below without the detector
	@# SQLite is C in Go's clothes: its memory lies outside of Go's heap, where the detector sees nothing; its driver is watched
	@rm -rf $(TEMPLATE)
	$(TEST) -race -gcflags='modernc.org/sqlite/lib=-race=false' -gcflags='modernc.org/libc/...=-race=false' -skip '$(ALONE)|^TestCutConnection|^TestDeath$$' $(RACE) ./internal/upload

go-test: $(APP)/dist/index.html
	@rm -rf $(TEMPLATE)
	$(TEST) $$(go list ./... | grep -vE '/internal/(changelog|push|pull|live|season|demo|photo)$$')
	$(TEST) -run '$(ALONE)' $(RACE)

# A seed is a course of events. `make test` plays other ones with every commit, `make sim` those that are asked for.
SEEDS ?= 150
OPS ?= 2000
FROM ?= 1
COMMIT_SEED = $(shell printf '%d' 0x$$(git rev-parse --short=6 HEAD 2>/dev/null || date +%y%m%d))
SIM = nice -n 19 go test -c -o build/sim.test ./internal/sim && GOGC=300 nice -n 19 build/sim.test -test.timeout 120m -test.run '^TestSim$$'

.PHONY: sim sim-test
sim: $(APP)/dist/index.html ## the whole of sync under every fault: SEEDS=150 OPS=2000 FROM=1
	@mkdir -p build
	@$(SIM) -seeds=$(SEEDS) -ops=$(OPS) -from=$(FROM)

sim-test: $(APP)/dist/index.html
	@mkdir -p build
	@echo "simulation from seed $(COMMIT_SEED)"
	@$(SIM) -seeds=150 -ops=1600 -from=$(COMMIT_SEED)

.PHONY: beside
beside: sim-test
	@rm -rf $(TEMPLATE)
	@nice -n 19 env $(TEST) ./internal/season ./internal/demo
	@nice -n 19 go test -vet=off -timeout 20m ./internal/photo # how much memory a photo takes is measured as it is

# A season is days of a whole shop; `make test` plays seven of them.
DAYS ?= 90
SEED ?= 1
CARS ?= 60
.PHONY: season
season: ## days of a whole shop, its promises reckoned each evening: DAYS=90 SEED=1 CARS=60
	@mkdir -p build
	@go test -c -o build/season.test ./internal/season
	@build/season.test -test.timeout 180m -test.run '^TestSeason$$' -days=$(DAYS) -seed=$(SEED) -cars=$(CARS) -durable

app-test: $(APP)/node_modules/.package-lock.json
	cd $(APP) && npm run --silent check && npm test --silent

e2e: $(BIN) ## browser tests against the real binary
	@$(APP)/e2e/chromium.sh
	cd $(APP) && npx playwright test && node e2e/day.mjs ../$(BIN)

FUZZTIME ?= 60s
.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME each; what one finds is kept beside its test
	@for file in $$(grep -rlE '^func Fuzz' --include='*_test.go' internal); do \
	  for target in $$(grep -oE '^func Fuzz[A-Za-z]+' $$file | cut -c6-); do \
	    echo "$$file $$target"; \
	    nice go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./$$(dirname $$file) || exit 1; \
	  done; \
	done

.PHONY: planted
planted: $(APP)/node_modules/.package-lock.json ## breaks sync on purpose, one known way at a time: which test notices
	@go run ./internal/cmd/planted

trace: ## a row per requirement: rule, screen, proofs
	@go run ./internal/cmd/trace

day: $(BIN) ## one day through plain HTTP, each step and refusal printed
	@cd $(APP) && node e2e/day.mjs ../$(BIN)

.PHONY: bench
bench: $(BIN) ## speed and size against a stock PocketBase; wants a machine that does nothing else
	@$(APP)/e2e/chromium.sh
	@go build -o build/bench ./internal/cmd/bench
	@build/bench $(BIN)

screens: $(BIN) ## screenshots of the main screens, both languages and themes, into build/screens
	@$(APP)/e2e/chromium.sh
	cd $(APP) && SCREENS=../build/screens npx playwright test screens
	@echo "build/screens"

clean: ## remove what was built; data stays
	rm -rf build $(APP)/dist

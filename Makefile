# The front door. Meson and ninja do the building; what each target does is in `make help`.

# make install puts everything below PREFIX, or below DESTDIR for those who make packages.
PREFIX ?= /usr/local
DESTDIR ?=
# How long each fuzzer runs, and what `make run` hands to signet dev.
FUZZ_SECONDS ?= 600
ARGS ?=

# On a terminal ninja shows its progress in one line; elsewhere it speaks up only when it must.
NINJA = ninja -C build $(if $(MAKE_TERMOUT),,--quiet)
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help run build test check format generated fuzz faults hostile bench bench-peers bench-scale install clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | while IFS='	' read -r name what; \
	    do printf '  make %-11s %s\n' "$$name" "$$what"; done

run: ## install what is missing, build, and run the service on loopback with everything on
	@tools/setup build
	@$(MAKE) build
	@exec build/signet dev $(ARGS)

build: build/build.ninja ## build/signet
	@$(NINJA)
	@[ -x build/signet ] || ln -sf src/app/signet build/signet

build/build.ninja:
	@mkdir -p build
	@meson setup build --prefix=$(PREFIX) >build/setup.log || { cat build/setup.log; exit 1; }

test: ## install what is missing, build, and run all tests
	@tools/setup test
	@$(MAKE) build
	@tools/test

check: ## everything a change has to pass besides the tests: make check ONLY="format tidy"
	@tools/setup check
	@$(MAKE) build
	@tools/check $(ONLY)

format: ## format the C code in place
	@git ls-files '*.[ch]' | xargs clang-format-14 -i

generated: build ## rewrite what is made of the tables: docs/settings.md, the example settings
	@tools/generated build/signet

fuzz: ## run each fuzzer for FUZZ_SECONDS (600)
	@tools/setup check
	@tools/fuzz $(FUZZ_SECONDS)

faults: ## break everything Signet stands on, at length: make faults ONLY="R01 R04"
	@tools/setup test
	@$(MAKE) build
	@tests/faults/run $(ONLY)

hostile: ## try to break each promise of docs/security.md: make hostile ONLY="S7 S19"
	@tools/setup test
	@$(MAKE) build
	@tests/hostile/run $(ONLY)

bench: build ## measure, and write the report to bench/report
	@bench/run

bench-peers: build ## the same works at other services, which bench/peers/setup installs below build/peers
	@tools/setup peers
	@bench/peers/setup
	@bench/run peers

bench-scale: build ## at a million users, during housekeeping, on nodes; curves
	@bench/run scale housekeeping nodes curve-users curve-organizations curve-ended curve-connections curve-nodes

install: build ## install below PREFIX (/usr/local) and DESTDIR
	@meson configure build --prefix=$(PREFIX)
	@DESTDIR=$(DESTDIR) meson install -C build --quiet

clean: ## remove everything that was built
	@rm -rf build build-*/

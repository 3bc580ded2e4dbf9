# SPDX-License-Identifier: GPL-2.0-or-later
# Installation. PREFIX is compiled into mbsim, so that it finds share/mbsim.

.PHONY: install uninstall

BINDIR = $(DESTDIR)$(PREFIX)/bin
DATADIR = $(DESTDIR)$(PREFIX)/share/mbsim
MANDIR = $(DESTDIR)$(PREFIX)/share/man
DOCDIR = $(DESTDIR)$(PREFIX)/share/doc/mbsim

# What engines are compiled from, the memory maps that ship with mbsim, and logs of boots for `mbsim mutate`.
DATA := $(wildcard kernel suite kunit data tests/data/boots)
DOCS := $(wildcard README README.* docs/*.md COPYING)
SCHEMAS := $(wildcard docs/schema/*.json)

install: all ## to PREFIX (/usr/local), below DESTDIR if that is given
	$(Q)install -d $(BINDIR) $(DATADIR) $(DOCDIR) $(MANDIR)/man1 $(MANDIR)/man5
	$(Q)install -m 755 $(OUT)/mbsim $(BINDIR)/mbsim
	$(Q)rm -rf $(DATA:%=$(DATADIR)/%)
	$(Q)$(if $(DATA),find $(DATA) -type f -exec install -D -m 644 {} $(DATADIR)/{} \;)
	$(Q)$(foreach s,1 5,$(if $(wildcard docs/*.$(s)),\
		install -m 644 $(wildcard docs/*.$(s)) $(MANDIR)/man$(s);))
	$(Q)$(if $(DOCS),install -m 644 $(DOCS) $(DOCDIR))
	$(Q)$(if $(SCHEMAS),install -D -m 644 -t $(DOCDIR)/schema $(SCHEMAS))

uninstall: ## what install made, given the same PREFIX and DESTDIR
	$(Q)rm -f $(BINDIR)/mbsim
	$(Q)rm -f $(foreach s,1 5,$(patsubst docs/%,$(MANDIR)/man$(s)/%,$(wildcard docs/*.$(s))))
	$(Q)rm -rf $(DATADIR) $(DOCDIR)

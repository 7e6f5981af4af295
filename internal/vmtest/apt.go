package vmtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// keyring has the keys of all releases of Debian that kernels come from.
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

// apt asks for packages of one release of Debian, with lists that are not the
// system's: so kernels of other releases can be had too, and no rights are needed.
type apt struct {
	dir   string // with the lists
	suite string
}

// listsAge is how old lists, and what was found out by them, may be.
const listsAge = 24 * time.Hour

func (a *apt) options() []string {
	return []string{
		"-qq",
		"-oDir::Etc::sourcelist=" + a.dir + "/sources.list", "-oDir::Etc::sourceparts=/dev/null",
		"-oDir::Etc::preferences=/dev/null", "-oDir::Etc::preferencesparts=/dev/null",
		"-oDir::State::lists=" + a.dir + "/lists", "-oDir::Cache=" + a.dir + "/cache",
		"-oAcquire::Languages=none", "-oAPT::Update::Error-Mode=any", "-oAcquire::Retries=3",
		"-oAPT::Architecture=amd64", "-oAPT::Architectures=amd64", "-oAPT::Sandbox::User=root",
	}
}

// run runs a program of apt's in dir.
func (a *apt) run(ctx context.Context, dir, program string, args ...string) ([]byte, error) {
	return command(ctx, dir, program, append(a.options(), args...)...)
}

// command runs a program. Its error has what the program wrote to stderr.
func command(ctx context.Context, dir, program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.Output()
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, fmt.Errorf("%s: %w: %s", filepath.Base(program), err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}

// update brings the lists up to date unless they are younger than a day.
func (a *apt) update(ctx context.Context) error {
	stamp := filepath.Join(a.dir, "updated")
	if info, err := os.Stat(stamp); err == nil && time.Since(info.ModTime()) < listsAge {
		return nil
	}
	if _, err := os.Stat(keyring); err != nil {
		return &MissingError{What: "no keys to check Debian's packages by: " + err.Error(), Install: "debian-archive-keyring"}
	}
	mirror, err := mirror(ctx)
	if err != nil {
		return err
	}
	sources := fmt.Sprintf("deb [signed-by=%s] %s %s main\n", keyring, mirror, a.suite)
	if a.suite != "unstable" {
		security := strings.TrimSuffix(mirror, "/debian") + "/debian-security"
		sources += fmt.Sprintf("deb [signed-by=%s] %s %s-security main\n", keyring, security, a.suite)
	}
	for _, dir := range []string{"lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(a.dir, dir), 0o755); err != nil {
			return err
		}
	}
	if err := os.WriteFile(a.dir+"/sources.list", []byte(sources), 0o644); err != nil {
		return err
	}
	if _, err := a.run(ctx, a.dir, "apt-get", "update"); err != nil {
		return err
	}
	return os.WriteFile(stamp, nil, 0o644)
}

// forget has the lists fetched anew the next time.
func (a *apt) forget() { os.Remove(filepath.Join(a.dir, "updated")) }

// mirror is where this machine has Debian from.
func mirror(ctx context.Context) (string, error) {
	out, err := command(ctx, "", "apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages",
		"Origin: Debian", "Label: Debian", "Component: main")
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if first == "" {
		return "", errors.New("apt knows no mirror of Debian's main, which kernels come from: has \"apt-get update\" been run?")
	}
	return strings.TrimSuffix(first, "/"), nil
}

// pkg is what is asked of a package.
type pkg struct {
	name, version string
	depends       []string // the first of alternatives
}

// show returns packages by name, in their newest versions.
func (a *apt) show(ctx context.Context, names ...string) ([]pkg, error) {
	out, err := a.run(ctx, "", "apt-cache", append([]string{"show", "--no-all-versions"}, names...)...)
	if err != nil {
		return nil, err
	}
	found := parseShow(string(out))
	if len(found) < len(names) {
		return nil, fmt.Errorf("apt-cache show: %d of the packages %s", len(found), strings.Join(names, ", "))
	}
	return found, nil
}

// parseShow reads paragraphs of fields.
func parseShow(out string) []pkg {
	var packages []pkg
	for paragraph := range strings.SplitSeq(out, "\n\n") {
		var p pkg
		for line := range strings.SplitSeq(paragraph, "\n") {
			key, value, _ := strings.Cut(line, ": ")
			switch key {
			case "Package":
				p.name = value
			case "Version":
				p.version = value
			case "Depends":
				for word := range strings.SplitSeq(value, ",") {
					word, _, _ = strings.Cut(word, "|")
					word, _, _ = strings.Cut(strings.TrimSpace(word), " ")
					p.depends = append(p.depends, word)
				}
			}
		}
		if p.name != "" {
			packages = append(packages, p)
		}
	}
	return packages
}

// unneeded are packages of the kernel's that nothing here wants: for installed
// systems, or of programs that are there.
var unneeded = regexp.MustCompile(`^linux-(base|initramfs-tool|libc-dev|compiler-.*)$`)

// closure returns the packages of the kernel's that the meta packages lead to.
func (a *apt) closure(ctx context.Context, names ...string) ([]pkg, error) {
	var all []pkg
	seen := map[string]bool{}
	for len(names) > 0 {
		for _, name := range names {
			seen[name] = true
		}
		found, err := a.show(ctx, names...)
		if err != nil {
			return nil, err
		}
		names = nil
		for _, p := range found {
			all = append(all, p)
			for _, name := range p.depends {
				// What headers depend on an image for is a question of installing.
				if strings.HasPrefix(name, "linux-") && !unneeded.MatchString(name) && !seen[name] {
					seen[name] = true
					names = append(names, name)
				}
			}
		}
	}
	return all, nil
}

// download gets packages into dir.
func (a *apt) download(ctx context.Context, dir string, packages []pkg) error {
	args := []string{"download"}
	for _, p := range packages {
		args = append(args, p.name+"="+p.version)
	}
	_, err := a.run(ctx, dir, "apt-get", args...)
	return err
}

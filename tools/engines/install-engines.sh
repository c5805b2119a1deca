#!/usr/bin/env bash
# Engines of the next Debians beside those of Debian 12, for the tests: HAProxy 3.0 of trixie, whose runtime API takes large sets;
# HAProxy 3.2 and nginx 1.30 of forky. Their packages and all that they need are taken apart into a directory of their own, of which
# the programs run with their own libraries: nothing is installed. Needs root, and the Debian mirror that apt uses. Prints what the tests look for:
#   export TCM_HAPROXY_3=… TCM_HAPROXY_32=… TCM_NGINX_130=…
set -euo pipefail

engines=${TCM_ENGINES:-/var/cache/tcm-engines}
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
  awk -v codename="$codename" '$2 == codename && !seen++ { print $1 }')}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Packages of a suite, checked by apt with the keys of Debian, into $engines/<suite>.
unpack() {
  local suite=$1 root=$engines/$1 work
  shift
  [ -e "$root/.complete" ] && return
  work=$(mktemp -d)
  mkdir -p "$work"/{lists/partial,archives/partial,root}
  : > "$work/status"
  echo "deb [signed-by=$keyring] $mirror $suite main" > "$work/sources.list"
  local options=(
    -qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null
    -o Dir::Etc::PreferencesParts=/dev/null -o "Dir::State=$work" -o "Dir::State::Status=$work/status" -o "Dir::Cache=$work"
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o APT::Sandbox::User=root
    -o Acquire::Retries=3
  )
  apt-get "${options[@]}" update >&2
  apt-get "${options[@]}" install -y --no-install-recommends --download-only "$@" >&2
  for package in "$work"/archives/*.deb; do dpkg-deb --extract "$package" "$work/root"; done
  touch "$work/root/.complete"
  mkdir -p "$engines"
  rm -rf "$root"
  mv "$work/root" "$root"
  rm -rf "$work"
}

# Standard input becomes a program of this name, which is printed.
program() {
  local path=$engines/$1
  cat > "$path.new"
  chmod +x "$path.new"
  "$path.new" -v >&2
  mv "$path.new" "$path"
  echo "$path"
}

haproxy() {
  local root=$engines/$1
  program "$2" <<END
#!/bin/sh
exec $root/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 --library-path $root/usr/lib/x86_64-linux-gnu $root/usr/sbin/haproxy "\$@"
END
}

# Started by the loader as HAProxy is, its processes would not show the titles that nginx gives them.
nginx() {
  local root=$engines/$1
  ln -sfn usr/lib64 "$root/lib64"
  mkdir -p "$root"/{dev,etc,proc,tmp}
  program "$2" <<END
#!/bin/sh
for part in dev etc proc tmp; do binds="\$binds mount --rbind /\$part $root/\$part &&"; done
exec unshare --mount sh -c "\$binds exec chroot $root /usr/sbin/nginx \"\\\$@\"" nginx "\$@"
END
}

unpack trixie haproxy
unpack forky haproxy nginx-light
echo "export TCM_HAPROXY_3=$(haproxy trixie haproxy-3.0)"
echo "export TCM_HAPROXY_32=$(haproxy forky haproxy-3.2)"
echo "export TCM_NGINX_130=$(nginx forky nginx-1.30)"

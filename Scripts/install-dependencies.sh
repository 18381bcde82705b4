#!/usr/bin/env bash
# Installs the system packages that are missing, and only those: with apt, through sudo when not root.
# Where there is no apt it names what is missing instead.
set -euo pipefail

# Package, what it is for, and a file that shows it is there where no package manager can tell.
wanted() {
  cat <<'LIST'
libsundials-dev       SUNDIALS_CVODE_6,_the_integrator        cvode/cvode.h
libopenblas-dev       OpenBLAS,_matrix_products               cblas.h
liblapacke-dev        LAPACKE,_decompositions                 lapacke.h
libarpack2-dev        ARPACK,_a_few_eigenvalues               arpack/arpack.h
libgmp-dev            GMP,_exact_arithmetic_for_proofs        gmp.h
libmd-dev             libmd,_sums_of_published_files         md5.h
libdnnl-dev           oneDNN_2_or_3,_networks                 oneapi/dnnl/dnnl.h
libzip-dev            libzip,_NumPy_archives                  zip.h
zlib1g-dev            zlib,_packed_data_sets                  zlib.h
gnuplot-nox           gnuplot,_figures                        :gnuplot
python3               Python,_to_check_proofs_with              :python3
dataset-fashion-mnist Fashion-MNIST,_images_to_train_on       /usr/share/datasets/fashion-mnist
LIST
}

# Whether a header, a :command or a /path is there.
is_there() {
  case "$1" in
  :*) command -v "${1#:}" >/dev/null ;;
  /*) [ -e "$1" ] ;;
  *) echo "#include <$1>" | cc -E -x c - >/dev/null 2>&1 ;;
  esac
}

if ! command -v swift >/dev/null; then
  echo "make deps: there is no swift here; install Swift 6.2 or newer from swift.org" >&2
  exit 1
fi

missing=()
names=()
while read -r package name probe; do
  if command -v dpkg-query >/dev/null; then
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] && continue
  fi
  is_there "$probe" && continue
  missing+=("$package")
  names+=("${name//_/ }")
done < <(wanted)
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "make deps: no apt here; please install:" >&2
  printf '  %s\n' "${names[@]}" >&2
  exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
  as_root=()
elif command -v sudo >/dev/null; then
  as_root=(sudo)
else
  echo "make deps: neither root nor sudo; please have installed: ${missing[*]}" >&2
  exit 1
fi
echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null

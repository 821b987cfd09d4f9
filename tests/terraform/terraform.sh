#!/bin/sh
# The generated modules under the real terraform: fmt, init, validate and test, for every sample and both
# layouts.  Where terraform is missing, the HCL is read by npm's @cdktf/hcl2json instead, where that is
# there.  The provider comes from a filesystem mirror: a folder that holds registry.terraform.io.
set -eu
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for sample in "$srcdir"/samples/*.crud; do
    for layout in router per-operation; do
        ./aslc build "$sample" -o "$out/$(basename "$sample" .crud)-$layout" --layout $layout --emit asl,terraform,openapi
    done
done
./aslc build "$srcdir/tests/crud/shelf.crud" -o "$out/shelf" --emit terraform
if grep -n 'sid *= "[A-Za-z0-9]*[^A-Za-z0-9"]' "$out/shelf/iam.tf"; then
    echo "IAM takes no such Sid"
    exit 1
fi
# What is done to a table and what is read from its indexes are granted apart.
if grep -B 1 '/index/' "$out/shelf/iam.tf" | grep -n 'Item"' ||
    ! grep -A 1 'Table"' "$out/shelf/iam.tf" | grep -q 'PutItem"'; then
    echo "a statement grants on an index what is done to the table"
    exit 1
fi
if ! command -v terraform >/dev/null; then
    . "$srcdir/tests/npm/need.sh"
    need_npm @cdktf/hcl2json
    mkdir "$out/npm"
    ln -s "$modules" "$out/npm/node_modules"
    cp "$srcdir/tests/terraform/parse.mjs" "$out/npm"
    node "$out/npm/parse.mjs" "$out"
    exit
fi
mirror=${ASLC_TERRAFORM_MIRROR:-}
for place in "$HOME/.terraform.d/plugins" /usr/share/terraform/plugins /usr/local/share/terraform/plugins; do
    [ -n "$mirror" ] || [ ! -d "$place/registry.terraform.io" ] || mirror=$place
done
[ -n "$mirror" ] || mirror=$(dirname "$(find / -xdev -maxdepth 4 -type d -name registry.terraform.io 2>/dev/null | head -n 1)")
[ -d "$mirror/registry.terraform.io" ] || { echo "SKIP: there is no mirror of the AWS provider"; exit 77; }
export TF_CLI_CONFIG_FILE="$out/rc" CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
: >"$out/rc"
for module in "$out"/*-router "$out"/*-per-operation; do
    echo "== $(basename "$module")"
    (
        cd "$module"
        terraform fmt -check -diff -recursive
        terraform init -backend=false -plugin-dir="$mirror" -no-color >init.log || { cat init.log; exit 1; }
        terraform validate -no-color
        terraform test -no-color
    )
done

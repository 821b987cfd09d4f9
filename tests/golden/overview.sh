#!/bin/sh
# A machine of more than 500 states is drawn as an overview in a grid, and one picture an operation.
set -eu
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for i in $(seq 25); do
    sed -e '/^service/,/^}/!s/Vehicle/Vehicle'"$i"'/' -e 's,"/vehicles","/vehicles'"$i"'",' \
        -e "$([ "$i" = 1 ] && echo p || echo '/^entity/,/^}/p')" -n "$srcdir/samples/vehicles.crud"
done >"$out/big.crud"
./aslc graph "$out/big.crud" -o "$out/big.dot"
./aslc graph "$out/big.crud" -o "$out/big.mmd"
[ "$(ls "$out" | grep -c '^big-.*\.dot$')" = 150 ]
grep -q '150 operations' "$out/big.dot"
grep -q 'lhead=cluster_1' "$out/big.dot"
grep -q 'createVehicle7\\n5 states' "$out/big.dot"
[ "$(grep -c ' --> ' "$out/big.mmd")" = 1 ]
grep -q 'CreateVehicle7Put' "$out/big-createVehicle7.dot"
if grep -q 'CreateVehicle8' "$out/big-createVehicle7.dot"; then
    echo "the picture of an operation shows another one"
    exit 1
fi

# Without operations there is nothing to sum up: the machine is drawn whole.
python3 - >"$out/long.asl.json" <<'END'
import json
states = {f"S{i}": {"Type": "Pass", "Next": f"S{i + 1}"} for i in range(600)}
states["S600"] = {"Type": "Succeed"}
print(json.dumps({"StartAt": "S0", "States": states}))
END
./aslc graph "$out/long.asl.json" -o "$out/long.dot"
[ "$(grep -c ' -> ' "$out/long.dot")" = 601 ]

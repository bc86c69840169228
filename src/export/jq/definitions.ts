/** What every comparison in jq needs: values as osrun shows them, and differences as osrun words them. */
export const expectationDefinitions = `
def shown: tojson;
def cut: if length > 120 then .[0:117] + "..." else . end;
def miss(expected): {path: "", expected: expected, found: shown};
def is_number: test("\\\\A-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?\\\\z");
def as_number: if type == "string" and is_number then tonumber else . end;
def equals($e): . == $e or (type == "string" and (
  (($e | type) == "number" and is_number and tonumber == $e) or
  (($e | type) == "boolean" and . == ($e | tostring))));
def is($e): select(equals($e) | not) | miss($e | shown);
def one_of($list): select(. as $value | $list | any(. as $e | $value | equals($e)) | not)
  | miss(if ($list | length) == 1 then $list[0] | shown else "one of " + ($list | map(shown) | join(", ")) end);
def expected_by($e): if $e | type == "array" then one_of($e)
  elif $e | type == "object" then miss("what is known before the run") else is($e) end;
def at_key($k): .path = (if $k | type == "number" or test("\\\\A[0-9]+\\\\z") then "[\\($k)]"
  elif $k | test("\\\\A[A-Za-z0-9_-]+\\\\z") then "." + $k else "[" + ($k | tojson) + "]" end) + .path;
def fits(differences): . as $given | [differences]
  | (map(select(.type) | .path) | unique) as $typed
  | map(select(.type or (.path as $path | $typed | index([$path]) | not)))
  | map(if .path == "" then .found = ($given | shown) else . end) | unique_by([.path, .expected])[];
def compare(subject; nodes; absent; differences): [nodes] as $nodes
  | (if $nodes == [] then {path: "", expected: absent, found: "nothing there"} else $nodes[0] | differences end)
  | "\\(subject)\\(.path): expected \\(.expected | cut), found \\(.found | cut)";
`.trim()

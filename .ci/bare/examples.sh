# What the README and --help give as examples, by the installed osrun, in an empty folder.
set -eu
readme=$PWD/README.md
# To change: the recipes that come with osrun are found by the path that the README has, from no folder but its own.
shipped=~/prefix/lib/node_modules/osrun/recipes
PATH=~/prefix/bin:$PATH
export PATH
rm -rf ~/empty
mkdir ~/empty
cd ~/empty

run() {
  echo "$ $*"
  "$@" >~/output 2>&1 </dev/null || {
    cat ~/output
    echo "this ends with $?: $*"
    exit 1
  }
}

run osrun --version
run osrun --help
run osrun run --help
run osrun --sandbox "$shipped/object-metadata.yaml"
run osrun --sandbox --report html=report.html "$shipped/object-metadata.yaml"
run test -s report.html
run osrun explain "$shipped/object-metadata.yaml"
run osrun new my-recipe.yaml
run osrun check my-recipe.yaml
run osrun --sandbox my-recipe.yaml
run osrun schema
run osrun smoke --sandbox

# "On your own cloud", with the sandbox as that cloud and one of its objects.
{
  echo set -eu
  awk '/^## On your own cloud/ { on = 1 } /^## A recipe/ { on = 0 } on && /^osrun /' "$readme" |
    sed "s#mycloud#sandbox#; s#=a.jpg#=fullsize/ovh-summit-2014-backstage-DS.jpg#; s# recipes/# $shipped/#"
} >~/examples
cat ~/examples
[ "$(grep -c ^osrun ~/examples)" -ge 4 ]
run osrun sandbox --openrc openrc.sh --clouds-yaml clouds.yaml -- sh ~/examples

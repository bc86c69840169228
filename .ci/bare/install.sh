# The package as a user of it has it, in ~/prefix.
set -eu
rm -rf ~/prefix
npm pack --pack-destination ~
npm install --global --prefix ~/prefix ~/osrun-*.tgz
for file in bin/osrun share/man/man1/osrun.1; do
  if [ ! -e ~/prefix/$file ]; then
    echo "npm install --global links no $file"
    exit 1
  fi
done

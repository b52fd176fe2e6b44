# RUN, COPY and ADD make layers, and so does WORKDIR if it creates the folder. The others make none.
dir=$(mktemp -d)
layers() { docker image inspect -f "{{len .RootFS.Layers}}" "$1"; }
echo x > "$dir/file"
printf 'FROM cnalab/base:12\nRUN true > /made\nCOPY file /copied\nADD file /added\nWORKDIR /new\n' > "$dir/Dockerfile"
docker build -q -t fact-layers "$dir" 2> /dev/null
[ "$(layers fact-layers)" = $(($(layers cnalab/base:12) + 4)) ]
printf 'FROM cnalab/base:12\nWORKDIR /tmp\nENV A=b\nEXPOSE 8080\nUSER 1\nLABEL a=b\nENTRYPOINT ["sh"]\nCMD ["-c", "true"]\n' > "$dir/Dockerfile"
docker build -q -t fact-settings "$dir" 2> /dev/null
[ "$(layers fact-settings)" = "$(layers cnalab/base:12)" ]
docker rmi fact-layers fact-settings
rm -r "$dir"

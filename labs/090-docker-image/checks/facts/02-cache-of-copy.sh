# COPY comes from the cache if content and rights are the same; the dates do not matter.
dir=$(mktemp -d)
echo x > "$dir/file"
chmod 644 "$dir/file"
printf 'FROM cnalab/base:12\nCOPY file /file\n' > "$dir/Dockerfile"
built() { docker build -q "$dir" 2> /dev/null; }
first=$(built)
touch -d 2001-01-01 "$dir/file"; dated=$(built)
chmod 755 "$dir/file"; rights=$(built)
[ "$first" = "$dated" ]
[ "$first" != "$rights" ]
docker rmi "$first" "$rights"
rm -r "$dir"

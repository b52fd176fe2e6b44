# The legacy builder does not know RUN --mount.
printf 'FROM cnalab/base:12\nRUN --mount=type=cache,target=/cache true\n' > /tmp/fact-mount
if docker build - < /tmp/fact-mount > /tmp/fact-said 2>&1; then exit 1; fi
grep 'requires BuildKit' /tmp/fact-said
rm /tmp/fact-mount /tmp/fact-said

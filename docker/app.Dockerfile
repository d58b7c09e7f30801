# One image recipe for every app: `npx nx image web-bff`, or
#   docker build --file docker/app.Dockerfile --build-arg APP=web-bff --tag bff/web-bff .
# after `npx nx build web-bff`. The bundle holds the app and all its dependencies, so nothing is installed here.
FROM node:24-bookworm-slim

ARG APP
WORKDIR /app
# For a service that keeps SQLite files: a volume mounted here belongs to the user that writes it.
RUN install --directory --owner=node --group=node /data
COPY apps/${APP}/dist/bundle/ ./

# Inside a container every interface is the container's own; the admin listener needs a known port for the health check.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    ADMIN_PORT=9090

USER node
EXPOSE 9090
HEALTHCHECK --interval=5s --timeout=2s --start-period=10s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$ADMIN_PORT && printf 'GET /livez HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]

# Exec form: node is process 1 and gets SIGTERM itself.
CMD ["node", "main.mjs"]

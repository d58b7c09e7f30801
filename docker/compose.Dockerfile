# The image that every container of compose.yaml runs: the bundles of all apps, built inside, so that a fresh clone needs
# Docker and nothing else. One build instead of one per app; `command` says which app a container is.
# For production there is one image per app: docker/app.Dockerfile.
FROM node:24-bookworm-slim AS manifests
WORKDIR /workspace
COPY apps/ apps/
COPY libs/ libs/
COPY tools/ tools/
RUN find . -type f ! -name package.json -delete

FROM node:24-bookworm-slim AS workspace
WORKDIR /workspace
ENV CI=true NX_DAEMON=false NX_ISOLATE_PLUGINS=false
# Only what decides about the installed packages, so that a change of source does not install them again.
COPY package.json package-lock.json .npmrc ./
COPY --from=manifests /workspace/ ./
RUN npm ci
COPY nx.json tsconfig.base.json tsconfig.json ./
COPY apps/ apps/
COPY libs/ libs/
COPY tools/ tools/
RUN npm run build \
  && for bundle in apps/*/dist/bundle; do app=${bundle#apps/}; cp -r "$bundle" "/bundles-${app%/dist/bundle}"; done \
  && mkdir /bundles && for bundle in /bundles-*; do mv "$bundle" "/bundles/${bundle#/bundles-}"; done

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=workspace /bundles/ ./
# Inside a container every interface is the container's own; balancers and Prometheus ask the admin listener.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    ADMIN_HOST=0.0.0.0 \
    ADMIN_PORT=9090
USER node

# One image for API, worker, intake and operator. glibc base: the core of Temporal's SDK has no build for musl.
FROM node:20-bookworm-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json .npmrc ./
# No package needs its install script here: those of the test database and of compilers' fall-backs stay off.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM base AS packages
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM base
ENV NODE_ENV=production \
    TZ=UTC \
    BIND_ADDRESS=0.0.0.0 \
    WORKFLOW_BUNDLE=/app/dist/workflow-bundle.js
COPY package.json ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
CMD ["node", "dist/api/main.js"]

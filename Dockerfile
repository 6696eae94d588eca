# One file for everything: a target for each service, and one for the tools.
#   docker build --target payout -t remitflow/payout .
ARG NODE_IMAGE=node:20-slim

FROM ${NODE_IMAGE} AS base
ENV NX_DAEMON=false NX_TUI=false NO_UPDATE_NOTIFIER=1
WORKDIR /app

# Nothing but what npm reads: the layers below are made again only when a dependency changes.
FROM base AS manifests
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -path ./.npmrc -delete \
    && find . -mindepth 1 -type d -empty -delete

FROM base AS build
COPY --from=manifests /app ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build
RUN mkdir /out && cp -r --parents libs/*/dist services/*/dist tools/servers/dist tools/simulated-bank/dist tools/provision /out

FROM base AS service-packages
COPY --from=manifests /app ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --include-workspace-root=false \
    --workspace=services/intake --workspace=services/validation --workspace=services/payout \
    --workspace=services/remittance --workspace=services/audit \
    && rm -f .npmrc package-lock.json

FROM base AS tool-packages
COPY --from=manifests /app ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --include-workspace-root=false \
    --workspace=libs/messaging --workspace=tools/servers --workspace=tools/simulated-bank \
    && rm -f .npmrc package-lock.json

# What runs: no npm cache, no compiler, no source; the folders under /data belong to the user that runs.
FROM ${NODE_IMAGE} AS runtime
# The heap is several times what is alive at once; with more at hand garbage lies about until a service holds over 300 MB.
ENV NODE_ENV=production NODE_OPTIONS="--enable-source-maps --max-old-space-size=256"
RUN mkdir -p /data/raw /data/rail/outbox /data/rail/inbox /data/remittances /data/checkpoints \
    && chown -R 10001:10001 /data
USER 10001:10001

FROM runtime AS service
ENV HOST=0.0.0.0 PORT=3000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=6 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
COPY --from=service-packages /app /app
COPY --from=build /out/libs /app/libs
CMD ["node", "dist/main.js"]

FROM service AS intake
COPY --from=build /out/services/intake /app/services/intake
WORKDIR /app/services/intake

FROM service AS validation
COPY --from=build /out/services/validation /app/services/validation
WORKDIR /app/services/validation

FROM service AS payout
COPY --from=build /out/services/payout /app/services/payout
WORKDIR /app/services/payout

FROM service AS remittance
COPY --from=build /out/services/remittance /app/services/remittance
WORKDIR /app/services/remittance

FROM service AS audit
COPY --from=build /out/services/audit /app/services/audit
WORKDIR /app/services/audit

# Provisioning (the default) and the simulated bank: node tools/simulated-bank/dist/main.js
FROM runtime AS tools
HEALTHCHECK NONE
COPY --from=tool-packages /app /app
COPY --from=build /out/libs /app/libs
COPY --from=build /out/tools /app/tools
WORKDIR /app
CMD ["node", "tools/provision/main.mjs"]

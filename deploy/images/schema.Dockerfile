# The schema tool, with psql for the roles and what gets credentials.
#   docker build -f deploy/images/schema.Dockerfile .     in the root of the checkout
# Runs as nobody's user 65532 on a read-only root file system, and writes nothing.
# The same build stage as in the other two files, so that all three share its layers. DEBIAN must be
# of the release whose packages deploy/local/setup installs.
ARG DEBIAN=debian:bookworm-slim
FROM ${DEBIAN} AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /src
# Set-up alone first, so that a change of the sources does not repeat it.
COPY deploy/local deploy/local
COPY tools/dev tools/dev
COPY gateway/go.mod gateway/go.sum gateway/
# Go programs are linked without libc: the gateway's image has none.
ENV CGO_ENABLED=0
RUN deploy/local/setup --images
COPY . .
RUN cmake -S . -B build/release -G Ninja -D CMAKE_BUILD_TYPE=Release -D BUILD_TESTING=OFF \
    && tools/dev/compile.sh bookstore-server bookstore-schema bookstore-gateway rds-credentials \
    && strip build/release/bookstore-server build/release/bookstore-schema \
    && deploy/images/trust_roots build/amazon-trust.pem

FROM ${DEBIAN}
# No versions: the names have them, and what the release gets later is security fixes. What the
# program asks for; tests/aws/test_images.py compares.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libabsl20220623 \
        libfmt9 \
        libpq5 \
        libpqxx-6.4 \
        libprotobuf32 \
        libre2-9 \
        libreadline8 \
        libspdlog1.10 \
        libssl3 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /etc/ssl/certs/ca-certificates.crt /src/build/amazon-trust.pem /etc/ssl/certs/
COPY --from=build /usr/lib/postgresql/15/bin/psql /src/build/release/bookstore-schema \
    /src/build/release/rds-credentials /src/deploy/images/schema_task /usr/local/bin/
COPY deploy/aws/templates/schema/roles.sql /usr/share/dataservice/roles.sql
USER 65532:65532
ENTRYPOINT ["schema_task"]
CMD ["apply"]

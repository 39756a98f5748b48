# The image of the server, with its health check and rds-credentials.
#   docker build -f deploy/images/server.Dockerfile .     in the root of the checkout
# Runs as the unprivileged user 65532 with a read-only root file system. server_task writes only to
# the volume /run/tls: a self-signed certificate and its key, unless the volume has them.
# The build stage is the same in all three Dockerfiles, so that they share its layers. DEBIAN must be
# the release whose packages deploy/local/setup installs.
ARG DEBIAN=debian:bookworm-slim
FROM ${DEBIAN} AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /src
# Set-up is a layer of its own, so that a change of the sources does not repeat it.
COPY deploy/local deploy/local
COPY tools/dev tools/dev
COPY gateway/go.mod gateway/go.sum gateway/
# Go programs are linked without libc, because the gateway's image does not contain it.
ENV CGO_ENABLED=0
RUN deploy/local/setup --images
COPY . .
RUN cmake -S . -B build/release -G Ninja -D CMAKE_BUILD_TYPE=Release -D BUILD_TESTING=OFF \
    && tools/dev/compile.sh bookstore-server bookstore-schema bookstore-gateway rds-credentials \
    && strip build/release/bookstore-server build/release/bookstore-schema \
    && deploy/images/trust_roots build/amazon-trust.pem

FROM ${DEBIAN}
# The shared libraries of the program; tests/aws/test_images.py verifies the list. The versions are
# not pinned: the package names contain them, and the release only receives security fixes.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libabsl20220623 \
        libcurl4 \
        libfmt9 \
        libgrpc++1.51 \
        libgrpc29 \
        libpq5 \
        libpqxx-6.4 \
        libprotobuf32 \
        libre2-9 \
        libspdlog1.10 \
        libssl3 \
        libyaml-cpp0.7 \
        openssl \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner=65532 --group=65532 --mode=0700 /run/tls
COPY --from=build /etc/ssl/certs/ca-certificates.crt /src/build/amazon-trust.pem /etc/ssl/certs/
COPY --from=build /src/build/release/bookstore-server /src/build/release/rds-credentials \
    /src/.deps/bin/grpc_health_probe /src/deploy/images/server_task /usr/local/bin/
USER 65532:65532
# A new volume has the owner and mode of the folder.
VOLUME ["/run/tls"]
ENV GRPC_ADDRESS=0.0.0.0:50051 TLS_CERTIFICATE=/run/tls/tls.crt TLS_KEY=/run/tls/tls.key
EXPOSE 50051
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s \
    CMD ["grpc_health_probe", "-addr=127.0.0.1:50051", "-tls", "-tls-ca-cert=/run/tls/tls.crt"]
ENTRYPOINT ["server_task"]

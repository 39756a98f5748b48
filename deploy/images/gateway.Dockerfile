# The gateway, and nothing else.
#   docker build -f deploy/images/gateway.Dockerfile .     in the root of the checkout
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

FROM scratch
COPY --from=build /src/build/release/bookstore-gateway /usr/local/bin/
USER 65532:65532
ENV HTTP_ADDRESS=:8080 GRPC_TARGET=127.0.0.1:50051 PATH=/usr/local/bin
EXPOSE 8080
ENTRYPOINT ["bookstore-gateway"]

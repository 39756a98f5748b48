# The image of the gateway. It contains no other program.
#   docker build -f deploy/images/gateway.Dockerfile .     in the root of the checkout
# Runs as the unprivileged user 65532 with a read-only root file system, and writes no files. In a
# task it reads its certificate from the volume /run/tls, which the server's container fills.
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

FROM scratch
COPY --from=build /src/build/release/bookstore-gateway /usr/local/bin/
USER 65532:65532
ENV HTTP_ADDRESS=:8080 GRPC_TARGET=127.0.0.1:50051 PATH=/usr/local/bin
EXPOSE 8080
ENTRYPOINT ["bookstore-gateway"]

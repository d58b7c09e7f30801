#!/usr/bin/env bash
# Makes the keys of a cluster on one machine and puts them into its namespace. Needs kubectl, Node and openssl. Safe to run
# again: the keys are then new (but for PostgreSQL's password, which its volume keeps), and all pods must be restarted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
namespace=bff
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT

node ../../../secrets/make-secrets.mjs "$keys" web-bff mobile-bff wearable-bff
password=$(kubectl --namespace "$namespace" get secret postgres --output jsonpath='{.data.password}' 2>/dev/null | base64 --decode || true)
if [ -z "$password" ]; then password=$(openssl rand -hex 24); fi
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 365 -subj /CN=example.com \
  -addext subjectAltName=DNS:shop.example.com,DNS:mobile.example.com,DNS:wearable.example.com \
  -keyout "$keys/tls.key" -out "$keys/tls.crt" 2>/dev/null

secret() { # NAME ARGUMENT…
  kubectl --namespace "$namespace" create secret generic "$@" --dry-run=client --output yaml | kubectl apply --filename -
}

kubectl create namespace "$namespace" --dry-run=client --output yaml | kubectl apply --filename -
secret web-bff-keys --from-file=internal-signing-key.json="$keys/web-bff.jwk.json" \
  --from-file=session-keys="$keys/session-keys" --from-file=client-secret="$keys/web-client-secret"
for app in mobile-bff wearable-bff; do
  secret "$app-keys" --from-file=internal-signing-key.json="$keys/$app.jwk.json"
done
secret identity-provider-keys --from-file=signing-key.json="$keys/identity-provider.jwk.json" \
  --from-file=web-client-secret="$keys/web-client-secret"
secret postgres --from-literal=password="$password"
for service in order:orders payment:payments shipping:shipments; do
  secret "${service%%:*}-service-database" --from-literal=url="postgres://bff:$password@postgres:5432/${service##*:}"
done
# The kind of secret that a Gateway takes.
kubectl --namespace "$namespace" create secret tls edge-tls --cert="$keys/tls.crt" --key="$keys/tls.key" \
  --dry-run=client --output yaml | kubectl apply --filename -
secret redis --from-literal=url=redis://redis:6379
cp "$keys/internal-jwks.json" internal-jwks.json
echo "internal-jwks.json holds the public keys now: kubectl apply --kustomize docker/kubernetes/overlays/local"

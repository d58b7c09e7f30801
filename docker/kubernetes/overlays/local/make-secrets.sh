#!/usr/bin/env bash
# Makes the keys of a cluster on one machine and puts them into its namespace. Needs kubectl and Node. Safe to run again:
# the keys are then new, and all pods must be restarted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
namespace=bff
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT

node ../../../secrets/make-secrets.mjs "$keys" web-bff mobile-bff wearable-bff
password=$(node -p "require('crypto').randomBytes(24).toString('hex')")

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
secret redis --from-literal=url=redis://redis:6379
cp "$keys/internal-jwks.json" internal-jwks.json
echo "internal-jwks.json holds the public keys now: kubectl apply --kustomize docker/kubernetes/overlays/local"

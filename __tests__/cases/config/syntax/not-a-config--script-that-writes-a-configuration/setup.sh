#!/usr/bin/env bash
set -euo pipefail
cat > /etc/runner/config.yaml <<EOF
runner:
  file: ${DATA}/.runner
  name: ${NAME}
container:
  network: ${NETWORK}
EOF

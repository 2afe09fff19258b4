// The container's health check: nothing outside the task checks a service without a load balancer.
const response = await fetch(`http://127.0.0.1:${process.env.PORT ?? 8080}/healthz`, { signal: AbortSignal.timeout(4_000) });
process.exit(response.ok ? 0 : 1);

module app {
  requires openaikserve.core;
  requires openaikserve.grpc;
}

/*
 * Full mutual TLS 1.3 handshakes, one GET each, on new connections, until time is up. No resumption, X25519, and the server's
 * certificate is not checked: the server's work is what is measured, and the client shall do less than it.
 *
 *   handshake-client PORT SERVER_NAME SECONDS THREADS STATUS CLIENT.pem...
 *
 * Each CLIENT.pem holds a certificate and its key. The clients take turns, and STATUS is what each shall be answered. Prints
 * "succeeded failed cpu_ms wall_ms".
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in address;
static const char *server_name;
static char status_line[32];
static SSL_CTX **clients;
static int client_count;
static double end_at;
static atomic_uint next_client;
static atomic_ulong succeeded, failed;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static SSL_CTX *read_client(const char *path) {
  SSL_CTX *client = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(client, TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(client, SSL_SESS_CACHE_OFF);
  if (SSL_CTX_set1_groups_list(client, "X25519") != 1 || SSL_CTX_use_certificate_chain_file(client, path) != 1 ||
      SSL_CTX_use_PrivateKey_file(client, path, SSL_FILETYPE_PEM) != 1) {
    fprintf(stderr, "%s cannot be used\n", path);
    exit(2);
  }
  return client;
}

/* Whether the answer, read to its end, has the expected status. */
static int ask(SSL *ssl) {
  char request[512], answer[4096];
  int length = snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", server_name);
  if (SSL_write(ssl, request, length) != length) return 0;
  int got = SSL_read(ssl, answer, sizeof answer);
  int is_good = got > 12 && memcmp(answer, status_line, strlen(status_line)) == 0;
  while (got > 0) got = SSL_read(ssl, answer, sizeof answer);
  return is_good;
}

static int visit(SSL_CTX *client) {
  int is_good = 0, on = 1;
  int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  SSL *ssl = SSL_new(client);
  SSL_set_fd(ssl, descriptor);
  SSL_set_tlsext_host_name(ssl, server_name);
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0 && SSL_connect(ssl) == 1) is_good = ask(ssl);
  SSL_free(ssl);
  close(descriptor);
  return is_good;
}

static void *visit_again_and_again(void *unused) {
  while (now() < end_at) {
    SSL_CTX *client = clients[atomic_fetch_add(&next_client, 1) % client_count];
    atomic_fetch_add(visit(client) ? &succeeded : &failed, 1);
  }
  return unused;
}

int main(int count, char **arguments) {
  if (count < 7) return 2;
  signal(SIGPIPE, SIG_IGN);
  address.sin_family = AF_INET;
  address.sin_port = htons(atoi(arguments[1]));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  server_name = arguments[2];
  int threads = atoi(arguments[4]);
  snprintf(status_line, sizeof status_line, "HTTP/1.1 %s ", arguments[5]);
  client_count = count - 6;
  clients = calloc(client_count, sizeof *clients);
  for (int i = 0; i < client_count; i++) clients[i] = read_client(arguments[6 + i]);
  struct rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  double begin = now();
  end_at = begin + atof(arguments[3]);
  pthread_t *running = calloc(threads, sizeof *running);
  for (int i = 0; i < threads; i++) pthread_create(&running[i], NULL, visit_again_and_again, NULL);
  for (int i = 0; i < threads; i++) pthread_join(running[i], NULL);
  getrusage(RUSAGE_SELF, &after);
  double cpu = (after.ru_utime.tv_sec - before.ru_utime.tv_sec) + (after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
               ((after.ru_utime.tv_usec - before.ru_utime.tv_usec) + (after.ru_stime.tv_usec - before.ru_stime.tv_usec)) / 1e6;
  printf("%lu %lu %.1f %.1f\n", atomic_load(&succeeded), atomic_load(&failed), cpu * 1e3, (now() - begin) * 1e3);
  return 0;
}

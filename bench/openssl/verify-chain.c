/* The peer of the path benchmark: decode a leaf and an intermediate and verify the path to a root, count times, with the
 * OpenSSL that is inside node. Built by openssl-peer.ts when a compiler is present; nothing of the product uses it. */
#include <node_api.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

typedef struct {
  unsigned char *data;
  size_t length;
} Bytes;

static int read_bytes(napi_env env, napi_value value, Bytes *bytes) {
  return napi_get_buffer_info(env, value, (void **)&bytes->data, &bytes->length) == napi_ok;
}

static X509 *decode(const Bytes *bytes) {
  const unsigned char *at = bytes->data;
  return d2i_X509(NULL, &at, (long)bytes->length);
}

static int verify_once(X509_STORE *store, const Bytes *leaf_der, const Bytes *intermediate_der, time_t at) {
  X509 *leaf = decode(leaf_der);
  X509 *intermediate = decode(intermediate_der);
  STACK_OF(X509) *untrusted = sk_X509_new_null();
  sk_X509_push(untrusted, intermediate);
  X509_STORE_CTX *context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, leaf, untrusted);
  X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT);
  X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_time(parameters, at);
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_USE_CHECK_TIME);
  int ok = X509_verify_cert(context) == 1;
  X509_STORE_CTX_free(context);
  sk_X509_free(untrusted);
  X509_free(intermediate);
  X509_free(leaf);
  return ok;
}

/* verify(leaf, intermediate, root, unixSeconds, count): how many of the verifications accepted. */
static napi_value verify(napi_env env, napi_callback_info info) {
  size_t argc = 5;
  napi_value argv[5];
  Bytes leaf, intermediate, root;
  int64_t at, count;
  int64_t accepted = 0;
  napi_value result;
  napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
  if (argc != 5 || !read_bytes(env, argv[0], &leaf) || !read_bytes(env, argv[1], &intermediate) ||
      !read_bytes(env, argv[2], &root) || napi_get_value_int64(env, argv[3], &at) != napi_ok ||
      napi_get_value_int64(env, argv[4], &count) != napi_ok) {
    napi_throw_type_error(env, NULL, "verify(leaf, intermediate, root, unixSeconds, count)");
    return NULL;
  }
  X509_STORE *store = X509_STORE_new();
  X509 *anchor = decode(&root);
  X509_STORE_add_cert(store, anchor);
  for (int64_t i = 0; i < count; i++) accepted += verify_once(store, &leaf, &intermediate, (time_t)at);
  X509_free(anchor);
  X509_STORE_free(store);
  napi_create_int64(env, accepted, &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "verify", NAPI_AUTO_LENGTH, verify, NULL, &function);
  napi_set_named_property(env, exports, "verify", function);
  return exports;
}

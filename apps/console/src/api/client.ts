import { openClient } from "@tcm/api-contract";

/** The API of the server that this page came from, with the session's cookie. A form of another site cannot send the header. */
export const client = openClient({
  url: location.origin,
  authorize: () => ({ "x-tcm-request": "1" }),
});

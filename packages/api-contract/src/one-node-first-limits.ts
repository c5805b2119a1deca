/** At most an hour: whoever wants to look longer deploys to staging. */
export const mostObservationSeconds = 3_600;
/** So many clients that count are told apart in one deployment. More stop it, whatever was allowed: nobody has counted them. */
export const mostRefusedClients = 10_000;

import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useSuspenseQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { networkName } from "../text/network-name.ts";
import { Time } from "../text/time.tsx";

/** By which nodes know that what they are sent is ours. Rotation is a matter of the command line. */
export function SigningKeys() {
  const { data } = useSuspenseQuery(read("listSigningKeys"));
  return (
    <>
      <h2 className="tcm-heading">Signing keys</h2>
      <p className="tcm-block">
        Everything that nodes serve is signed, for each network by a key of its own.{" "}
        <code>tcm signing-keys rotate</code> makes another one.
      </p>
      <Table aria-label="Signing keys" variant="compact" className="tcm-settings">
        <Thead>
          <Tr>
            <Th>Network</Th>
            <Th>Key</Th>
            <Th>State</Th>
            <Th>Made</Th>
          </Tr>
        </Thead>
        <Tbody>
          {data.signingKeys.map(({ network, keyId, status, createdDate, retiredDate }) => (
            <Tr key={`${network} ${keyId}`}>
              <Td dataLabel="Network">{networkName[network]}</Td>
              <Td dataLabel="Key">
                <code>{keyId}</code>
              </Td>
              <Td dataLabel="State">
                {status === "IN_USE" ? "in use" : "retired"}
                {retiredDate !== null && (
                  <>
                    {" "}
                    since <Time iso={retiredDate} />
                  </>
                )}
              </Td>
              <Td dataLabel="Made">
                <Time iso={createdDate} />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </>
  );
}

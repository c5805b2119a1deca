import { TreeView, type TreeViewDataItem } from "@patternfly/react-core";
import type { ChainStructure } from "@tcm/core";
import { expiryText } from "../text/time-text.ts";
import { shortName, type TreeItem, treeItems } from "./tree-items.ts";

type Props = {
  readonly structure: ChainStructure;
  readonly label: string;
  readonly onSelect?: (fingerprint: string) => void;
};

/** Roots, intermediates and cross-signed CAs under each of their issuers. */
export function ChainTree({ structure, label, onSelect }: Props) {
  const now = Date.now();
  return (
    <TreeView
      aria-label={label}
      data={treeItems(structure).map((item) => dataItem(item, now))}
      hasGuides
      allExpanded
      onSelect={(_event, { id = "" }) => onSelect?.(id.slice(id.lastIndexOf("/") + 1))}
    />
  );
}

function dataItem({ id, member, isRepeated, children }: TreeItem, now: number): TreeViewDataItem {
  const kind = member.kind === "root" ? "root" : "intermediate";
  const repeated = isRepeated ? ", see above" : "";
  return {
    id,
    name: (
      <span className="tcm-tree-item">
        <span className="tcm-name">{shortName(member.subject)}</span>
        <span className="tcm-faint">{`${kind}, ${expiryText(member.endDate, now)}${repeated}`}</span>
      </span>
    ),
    ...(children.length > 0 && { children: children.map((child) => dataItem(child, now)) }),
  };
}

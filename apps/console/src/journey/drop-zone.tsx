import { Button } from "@patternfly/react-core";
import UploadIcon from "@patternfly/react-icons/dist/esm/icons/upload-icon";
import { type DragEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { chosenIn, droppedIn } from "./dropped-entries.ts";
import type { Dropped } from "./folder-walk.ts";

type Props = { readonly info: string; readonly onDropped: (dropped: readonly Dropped[]) => void };

/** Files and folders are chosen in the browser's own dialogs, by buttons that every keyboard reaches, or dropped. */
export function DropZone({ info, onDropped }: Props) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  useMissedDrops();
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const dropped = droppedIn(event.dataTransfer);
    if (dropped.length > 0) onDropped(dropped);
  };
  return (
    <div
      className={`tcm-drop${isOver ? " tcm-drop-over" : ""}`}
      onDragEnter={() => setOver(true)}
      onDragLeave={(event) => setOver(event.currentTarget.contains(event.relatedTarget as Node | null))}
      onDrop={drop}
    >
      <UploadIcon aria-hidden />
      <p>Drop files or folders here</p>
      <p className="tcm-faint">or</p>
      <div className="tcm-actions">
        <ChooseButton describedBy={id} onChosen={onDropped}>
          Choose files
        </ChooseButton>
        <ChooseButton describedBy={id} onChosen={onDropped} isFolder>
          Choose a folder
        </ChooseButton>
      </div>
      <p id={id} className="tcm-faint">
        {info}
      </p>
    </div>
  );
}

type ChooseProps = {
  readonly describedBy: string;
  readonly onChosen: Props["onDropped"];
  /** A folder is chosen, with all that is in it. */
  readonly isFolder?: true;
  readonly children: ReactNode;
};

function ChooseButton({ describedBy, onChosen, isFolder, children }: ChooseProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current !== null) input.current.webkitdirectory = isFolder === true;
  }, [isFolder]);
  return (
    <>
      <Button variant="secondary" aria-describedby={describedBy} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          onChosen(chosenIn(currentTarget.files ?? new DataTransfer().files));
          // Who has mended a file chooses it again, and that is a change too.
          currentTarget.value = "";
        }}
      />
    </>
  );
}

/** A file that misses its place would be opened by the browser instead of this page. Text is dragged as ever. */
function useMissedDrops(): void {
  useEffect(() => {
    const keepPage = (event: globalThis.DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    };
    document.addEventListener("dragover", keepPage);
    document.addEventListener("drop", keepPage);
    return () => {
      document.removeEventListener("dragover", keepPage);
      document.removeEventListener("drop", keepPage);
    };
  }, []);
}

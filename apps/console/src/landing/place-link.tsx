import { Link } from "@tanstack/react-router";
import type { Place } from "./place.ts";

export function PlaceLink({ place, children }: { readonly place: Place; readonly children: string }) {
  switch (place.page) {
    case "deployment":
      return (
        <Link
          to="/ca-sets/$caSetId/versions/$version/deployments/$activationId"
          params={{ ...versionOf(place), activationId: String(place.activationId) }}
        >
          {children}
        </Link>
      );
    case "deploy":
      return (
        <Link
          to="/ca-sets/$caSetId/versions/$version/deploy"
          params={versionOf(place)}
          search={{ networks: place.network }}
        >
          {children}
        </Link>
      );
    case "version":
      return (
        <Link to="/ca-sets/$caSetId/versions/$version" params={versionOf(place)}>
          {children}
        </Link>
      );
    case "set":
    case "associations":
      return (
        <Link
          to="/ca-sets/$caSetId"
          params={{ caSetId: place.caSetId }}
          search={place.page === "set" ? {} : { tab: "associations" }}
        >
          {children}
        </Link>
      );
    case "edge-node":
      return (
        <Link to="/edge-nodes/$nodeId" params={{ nodeId: place.nodeId }}>
          {children}
        </Link>
      );
    case "edge-nodes":
      return (
        <Link to="/edge-nodes" search={place.filter}>
          {children}
        </Link>
      );
    case "edge-certificates":
      return <Link to="/edge-certificates">{children}</Link>;
  }
}

function versionOf({ caSetId, version }: { readonly caSetId: string; readonly version: number }) {
  return { caSetId, version: String(version) };
}

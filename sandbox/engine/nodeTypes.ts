import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
	type INodeType,
	type INodeTypes,
	type IVersionedNodeType,
	NodeHelpers,
} from 'n8n-workflow';

type NodeTypeSource = INodeType | IVersionedNodeType;

const BASE = 'n8n-nodes-base.';

/** n8n's own nodes, each loaded when a workflow first names it. */
function loadBaseNode(name: string): NodeTypeSource {
	const root = dirname(require.resolve('n8n-nodes-base/package.json'));
	const known = JSON.parse(readFileSync(join(root, 'dist/known/nodes.json'), 'utf8')) as Record<
		string,
		{ className: string; sourcePath: string }
	>;
	const entry = known[name];
	if (!entry) throw new Error(`n8n-nodes-base has no node ${name}`);
	const loaded = require(join(root, entry.sourcePath)) as Record<string, new () => NodeTypeSource>;
	const NodeClass = loaded[entry.className];
	if (!NodeClass) throw new Error(`n8n-nodes-base does not export ${entry.className}`);
	return new NodeClass();
}

/** The package's nodes beside those of n8n. */
export class EngineNodeTypes implements INodeTypes {
	private readonly loaded: Map<string, NodeTypeSource>;

	/** @param own nodes by their full name, e.g. `n8n-nodes-partner-center-insights.partnerCenterInsights` */
	constructor(own: Record<string, NodeTypeSource>) {
		this.loaded = new Map(Object.entries(own));
	}

	getByName(name: string): NodeTypeSource {
		const existing = this.loaded.get(name);
		if (existing) return existing;
		if (!name.startsWith(BASE)) throw new Error(`No node type ${name}`);
		const node = loadBaseNode(name.slice(BASE.length));
		this.loaded.set(name, node);
		return node;
	}

	getByNameAndVersion(name: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(name), version);
	}

	getKnownTypes() {
		return {};
	}
}

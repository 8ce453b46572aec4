"""Run by the Python that QGIS belongs to, not by ours: reads the service whose address is given, prints JSON."""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFeatureRequest,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)

address = sys.argv[1]
application = QgsApplication([], False)
application.initQgis()


def layer(name):
    return QgsVectorLayer(f"url='{address}' typename='{name}'", name, "OAPIF")


plots = layer("plot")
narrowed = layer("plot")
narrowed.setSubsetString("status = 'available'")
tiles = QgsVectorTileLayer(
    f"type=xyz&url={address}/collections/plot/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}&zmin=0&zmax=14", "tiles"
)
box = QgsFeatureRequest().setFilterRect(QgsRectangle(113.7, 34.1, 114.0, 34.4))
large = QgsFeatureRequest().setFilterExpression("area_m2 > 3000000")
found = {
    "version": Qgis.QGIS_VERSION,
    "valid": plots.isValid(),
    "names": sorted(feature["name"] for feature in plots.getFeatures()),
    "polygons": all(feature.hasGeometry() for feature in plots.getFeatures()),
    "in box": sorted(feature["id"] for feature in plots.getFeatures(box)),
    "large": sorted(feature["id"] for feature in plots.getFeatures(large)),
    "available": sorted(feature["id"] for feature in narrowed.getFeatures()),
    "talks": len(list(layer("talk").getFeatures())),
    "tiles": tiles.isValid(),
}
print(json.dumps(found), flush=True)
os._exit(0)  # QGIS ends with a fault where Python clears its layers away after it
